// What each variant traces with. `telltale` records its HTTP metrics in all of them; logs are off everywhere.
"use strict";
const path = require("node:path");

const nothing = { export: (_spans, done) => done({ code: 0 }), shutdown: () => Promise.resolve() };
const BATCH_DELAY_MS = 200;

/** Where the spans of a variant go, and the share of requests that have one. */
function aimOf(variant, endpoints) {
  const how = variant.slice(variant.indexOf(" ") + 1);
  const ratio = how === "1%" ? 0.01 : how === "off" ? 0 : 1;
  return { how, ratio, endpoint: endpoints[how] ?? endpoints.otlp };
}

/** An observability of telltale's, with an express() and a fastify plug-in. */
exports.telltale = (variant, endpoints) => {
  const { createObservability } = require(path.join(__dirname, "../../dist/index.js"));
  const { how, ratio, endpoint } = aimOf(variant, endpoints);
  const exporter = how === "jaeger" ? "jaeger" : "otlp";
  const tracing =
    how === "null" || how === "1%"
      ? { exporter: nothing, sampleRatio: ratio, batchDelayMs: BATCH_DELAY_MS }
      : { exporter, endpoint, sampleRatio: ratio, batchDelayMs: BATCH_DELAY_MS };
  return createObservability({
    service: "bench",
    logging: { level: "silent" },
    metrics: { process: false },
    http: { accessLog: false, requestIdHeader: "", outgoing: false },
    tracing: how === "off" ? false : tracing,
  });
};

/** OpenTelemetry's SDK with its instrumentations of http and the framework; before these are loaded. */
exports.opentelemetry = (variant, framework, endpoints) => {
  const { NodeSDK, tracing } = require("@opentelemetry/sdk-node");
  const { how, ratio, endpoint } = aimOf(variant, endpoints);
  const processor = new tracing.BatchSpanProcessor(exporterOf(how, endpoint), {
    scheduledDelayMillis: BATCH_DELAY_MS,
  });
  new NodeSDK({
    serviceName: "bench",
    autoDetectResources: false,
    spanProcessors: [processor],
    sampler: new tracing.ParentBasedSampler({ root: new tracing.TraceIdRatioBasedSampler(ratio) }),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: instrumentationsOf(framework),
  }).start();
};

function exporterOf(how, endpoint) {
  if (how === "jaeger") {
    const { JaegerExporter } = require("@opentelemetry/exporter-jaeger");
    return new JaegerExporter({ endpoint: `${endpoint}/api/traces` });
  }
  if (how === "null" || how === "1%" || how === "off") return nothing;
  const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
  return new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
}

function instrumentationsOf(framework) {
  const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
  if (framework === "express") {
    const { ExpressInstrumentation } = require("@opentelemetry/instrumentation-express");
    return [new HttpInstrumentation(), new ExpressInstrumentation()];
  }
  const { FastifyOtelInstrumentation } = require("@fastify/otel");
  return [new HttpInstrumentation(), new FastifyOtelInstrumentation({ registerOnInitialization: true })];
}
