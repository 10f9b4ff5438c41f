// The libraries that are compared, each behind the same few words. A family has three labels.
"use strict";
const path = require("node:path");

const LABELS = ["method", "route", "status"];
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

function promLike(module) {
  const client = require(module);
  const registry = new client.Registry();
  const registers = [registry];
  return {
    counter: (name) => new client.Counter({ name, help: name, labelNames: LABELS, registers }),
    histogram: (name) =>
      new client.Histogram({ name, help: name, labelNames: LABELS, buckets: BUCKETS, registers }),
    inc: (family, labels) => family.inc(labels),
    observe: (family, labels, value) => family.observe(labels, value),
    bound: (family, labels) => family.labels(labels),
    async serve(_req, res) {
      res.setHeader("content-type", registry.contentType);
      res.end(await registry.metrics());
    },
  };
}

function telltale() {
  const { createObservability } = require(path.join(__dirname, "../../dist/index.js"));
  const { metrics } = createObservability({
    service: "bench",
    tracing: false,
    logging: { level: "silent" },
    http: { outgoing: false },
    metrics: { maxSeriesPerFamily: 1_000_000, maxValuesPerLabel: 1_000_000, process: false },
  });
  return {
    counter: (name) => metrics.counter({ name, help: name, labelNames: LABELS }),
    histogram: (name) => metrics.histogram({ name, help: name, labelNames: LABELS, buckets: BUCKETS }),
    inc: (family, labels) => family.inc(labels),
    observe: (family, labels, value) => family.observe(labels, value),
    bound: (family, labels) => family.labels(labels),
    serve: metrics.handler(),
  };
}

function openTelemetry() {
  const { MeterProvider } = require("@opentelemetry/sdk-metrics");
  const { PrometheusExporter } = require("@opentelemetry/exporter-prometheus");
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const views = [{ instrumentName: "*", aggregationCardinalityLimit: 1_000_000 }];
  const meter = new MeterProvider({ readers: [exporter], views }).getMeter("bench");
  return {
    counter: (name) => meter.createCounter(name.replace(/_total$/, "")),
    histogram: (name) => meter.createHistogram(name, { advice: { explicitBucketBoundaries: BUCKETS } }),
    inc: (family, labels) => family.add(1, labels),
    observe: (family, labels, value) => family.record(value, labels),
    serve: (req, res) => exporter.getMetricsRequestHandler(req, res),
  };
}

exports.LIBRARIES = {
  telltale,
  "prom-client": () => promLike("prom-client"),
  platformatic: () => promLike("@platformatic/prom-client"),
  "prometheus-io": () => promLike("@prometheus-io/client"),
  opentelemetry: openTelemetry,
};

/** So many label sets as a service has them: few methods and statuses, the rest routes. */
exports.labelSets = (count) => {
  const sets = Array.from({ length: count }, (_, i) => ({
    method: ["GET", "POST", "PUT", "DELETE"][i % 4],
    route: `/api/v1/things/${i >> 4}/:id`,
    status: ["200", "201", "404", "500"][(i >> 2) % 4],
  }));
  // A string put together is a tree of its parts until somebody looks into it.
  return JSON.parse(JSON.stringify(sets));
};
