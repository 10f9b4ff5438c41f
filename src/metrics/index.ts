export { createMetrics, type MetricsOptions } from "./metrics.js";
export type { Metrics } from "./types.js";
