import { createConsoleExporter } from "./console.js";
import type { ExporterFactory } from "./exporter.js";
import { createJaegerExporter } from "./jaeger.js";
import { createOtlpExporter } from "./otlp.js";

/** Every exporter by its name in `tracing.exporter`. */
export const exporters: { readonly [name: string]: ExporterFactory } = {
  console: createConsoleExporter,
  jaeger: createJaegerExporter,
  otlp: createOtlpExporter,
};
