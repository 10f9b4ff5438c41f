import type { ExporterName } from "../types.js";
import { createConsoleExporter } from "./console.js";
import type { ExporterFactory } from "./exporter.js";
import { createJaegerExporter } from "./jaeger.js";
import { createOtlpExporter } from "./otlp.js";
import { createZipkinExporter } from "./zipkin.js";

/** Every exporter by its name in `tracing.exporter`. */
export const exporters: { readonly [name in ExporterName]: ExporterFactory } = {
  console: createConsoleExporter,
  jaeger: createJaegerExporter,
  otlp: createOtlpExporter,
  zipkin: createZipkinExporter,
};
