import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const KEPT_SPANS = 2000;

/**
 * A span exporter for `tracing.exporter`: keeps the last spans for the demo to show and, where the environment names
 * a collector, sends them there as well. A service leaves this out: the variables alone are enough for it.
 */
export function createSpanKeeper(env) {
  const spans = [];
  const collector = openCollector(env);
  let total = 0;
  return {
    spans,
    /** How many have been handed over with success. */
    total: () => total,
    /** Where the spans go besides; undefined for nowhere. */
    target: collector?.target,
    exporter: {
      export(batch, done) {
        spans.push(...batch);
        spans.splice(0, Math.max(0, spans.length - KEPT_SPANS));
        const count = (result) => {
          if (result.code === 0) total += batch.length;
          done(result);
        };
        if (collector === undefined) count({ code: 0 });
        else collector.exporter.export(batch, count);
      },
      shutdown: async () => collector?.exporter.shutdown(),
    },
  };
}

function openCollector({ JAEGER_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT }) {
  if (JAEGER_ENDPOINT) {
    const { JaegerExporter } = require("@opentelemetry/exporter-jaeger");
    const url = new URL(JAEGER_ENDPOINT);
    if (url.pathname === "/") url.pathname = "/api/traces";
    return { exporter: new JaegerExporter({ endpoint: url.href }), target: `Jaeger at ${url.href}` };
  }
  if (OTEL_EXPORTER_OTLP_ENDPOINT) {
    const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
    return { exporter: new OTLPTraceExporter(), target: `OTLP at ${OTEL_EXPORTER_OTLP_ENDPOINT}` };
  }
  return undefined;
}
