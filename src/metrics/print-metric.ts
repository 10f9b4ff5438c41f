import type { Metric, PrometheusContentType } from "prom-client";

/** prom-client, as far as the registry needs it. */
export type Client = Pick<typeof import("prom-client"), "Registry" | "Summary">;

/** A metric registered by anybody: what prom-client itself calls on it. */
export interface RegisteredMetric {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  get(): unknown;
  getForPromString?(): unknown;
  readonly collect?: unknown;
}

/** How a metric is printed. */
export interface PrintOptions {
  readonly contentType: string;
  readonly defaultLabels: object;
}

/**
 * The text of one metric, made by prom-client. A registry of its own prints a stand-in, because printing OpenMetrics
 * takes `_total` off the metric's name and leaves it off. Rejects when the metric cannot be read.
 */
export async function printMetric(
  client: Client,
  metric: RegisteredMetric,
  options: PrintOptions,
): Promise<string> {
  const isOpenMetrics = options.contentType === client.Registry.OPENMETRICS_CONTENT_TYPE;
  const name = isOpenMetrics && metric.type === "counter" ? metric.name.replace(/_total$/, "") : metric.name;
  const printer = new client.Registry();
  // prom-client 14 knows but one format and has no such method.
  if (isOpenMetrics) printer.setContentType(options.contentType as PrometheusContentType);
  const get = async (): Promise<object> => {
    const read = metric.getForPromString ?? metric.get;
    return { ...((await read.call(metric)) as object), name };
  };
  printer.setDefaultLabels(options.defaultLabels);
  printer.registerMetric({ name, type: metric.type, help: metric.help, get } as unknown as Metric);
  return printer.getSingleMetricAsString(name);
}
