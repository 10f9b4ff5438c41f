import type { Metric, PrometheusContentType } from "prom-client";
import { formatOf } from "./content-types.js";

/** prom-client, as far as the registry needs it. */
export type Client = Pick<typeof import("prom-client"), "Registry" | "Summary">;

/** A metric registered by anybody: what prom-client itself calls on it. */
export interface RegisteredMetric {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  /** How clusters join it. prom-client's default: `sum`. */
  readonly aggregator?: unknown;
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
  const isOpenMetrics = formatOf(options) === "openmetrics";
  const name = isOpenMetrics && metric.type === "counter" ? metric.name.replace(/_total$/, "") : metric.name;
  const printer = new client.Registry();
  // prom-client 14 knows but one format and has no such method.
  if (isOpenMetrics) printer.setContentType(options.contentType as PrometheusContentType);
  printer.setDefaultLabels(options.defaultLabels);
  printer.registerMetric(standIn(metric, name) as unknown as Metric);
  return printer.getSingleMetricAsString(name);
}

// The metric may come from another copy than the printer: each asks for the form that it knows.
function standIn(metric: RegisteredMetric, name: string): RegisteredMetric {
  const read = (method: "get" | "getForPromString") => async (): Promise<object> => ({
    ...((await metric[method]?.()) as object),
    name,
  });
  const shared = metric.getForPromString === undefined ? {} : { getForPromString: read("getForPromString") };
  return { name, type: metric.type, help: metric.help, get: read("get"), ...shared };
}
