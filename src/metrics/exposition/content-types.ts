import type { ExpositionFormat } from "../types.js";

/** The content type of each format, for the answer's header. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  protobuf: "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
};

/** The format of a registry's content type. */
export function formatOf({ contentType }: { readonly contentType: string }): "text" | "openmetrics" {
  return contentType.startsWith("application/openmetrics-text") ? "openmetrics" : "text";
}
