// What each variant puts in front of the same two routes.
"use strict";
const path = require("node:path");
const telltale = () => require(path.join(__dirname, "../../dist/index.js"));

function promFamilies() {
  const prom = require("prom-client");
  const labelNames = ["method", "route", "status"];
  return {
    total: new prom.Counter({ name: "http_requests_total", help: "t", labelNames }),
    seconds: new prom.Histogram({ name: "http_request_duration_seconds", help: "d", labelNames }),
  };
}

/** Twenty lines of prom-client, as services write them. */
function byHand(app) {
  const { total, seconds } = promFamilies();
  app.use((req, res, next) => {
    const end = seconds.startTimer();
    res.on("finish", () => {
      const labels = {
        method: req.method,
        route: (req.baseUrl || "") + (req.route ? req.route.path : ""),
        status: res.statusCode,
      };
      total.inc(labels);
      end(labels);
    });
    next();
  });
}

// req.baseUrl holds the tenant's value, not its template: the hand-written form is cheaper than it ought to be.

function observability(variant, sink) {
  const spans = { export: (_spans, done) => done({ code: 0 }), shutdown: () => Promise.resolve() };
  const ratio = variant === "telltale-full" ? 1 : 0.01;
  const metricsOnly = variant === "telltale-metrics";
  return telltale().createObservability({
    service: "bench",
    logging: { level: metricsOnly ? "silent" : "info", destination: sink },
    tracing: metricsOnly ? false : { exporter: spans, sampleRatio: ratio },
    http: { accessLog: !metricsOnly, requestIdHeader: metricsOnly ? "" : "x-request-id" },
  });
}

function otelSdk(ratio) {
  const { NodeSDK, tracing } = require("@opentelemetry/sdk-node");
  const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
  const { FastifyOtelInstrumentation } = require("@fastify/otel");
  const { ExpressInstrumentation } = require("@opentelemetry/instrumentation-express");
  const sdk = new NodeSDK({
    traceExporter: { export: (_spans, done) => done({ code: 0 }), shutdown: () => Promise.resolve() },
    sampler: new tracing.ParentBasedSampler({ root: new tracing.TraceIdRatioBasedSampler(ratio) }),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation(),
      new ExpressInstrumentation(),
      new FastifyOtelInstrumentation({ registerOnInitialization: true }),
    ],
  });
  sdk.start();
}

/** What has to run before the framework is loaded. */
exports.loadFirst = (variant) => {
  if (variant === "stack-1%") otelSdk(0.01);
  if (variant === "stack-full") otelSdk(1);
};

exports.before = (variant, app, { sink }) => {
  if (variant === "bare") return;
  if (variant === "by-hand") return byHand(app);
  if (variant.startsWith("telltale")) return app.use(observability(variant, sink).express());
  if (variant === "prom-bundle")
    return app.use(require("express-prom-bundle")({ includeMethod: true, includePath: true }));
  if (variant.startsWith("stack")) {
    app.use(require("pino-http")({ logger: require("pino")({}, sink) }));
    app.use(require("express-prom-bundle")({ includeMethod: true, includePath: true }));
    return;
  }
  throw new Error(`unknown variant ${variant}`);
};

exports.fastifyBefore = async (variant, app, { sink }) => {
  if (variant === "bare") return;
  if (variant.startsWith("telltale")) return app.register(observability(variant, sink).fastify);
  if (variant === "by-hand") {
    const { total, seconds } = promFamilies();
    app.addHook("onResponse", (req, reply, done) => {
      const labels = { method: req.method, route: req.routeOptions.url, status: reply.statusCode };
      total.inc(labels);
      seconds.observe(labels, reply.elapsedTime / 1000);
      done();
    });
    return;
  }
  if (variant === "fastify-metrics")
    return app.register(require("fastify-metrics"), { endpoint: "/metrics" });
  if (variant.startsWith("stack")) {
    const pinoHttp = require("pino-http")({ logger: require("pino")({}, sink) });
    app.addHook("onRequest", (req, reply, done) => {
      pinoHttp(req.raw, reply.raw);
      done();
    });
    return app.register(require("fastify-metrics"), { endpoint: "/metrics" });
  }
  throw new Error(`unknown variant ${variant}`);
};
