"use strict";
const { fork } = require("node:child_process");
const cluster = require("node:cluster");
const { once } = require("node:events");
const http = require("node:http");
const path = require("node:path");
const { labelSets } = require("../lib/libraries.cjs");

const [variant, series] = process.argv[2].split(":");
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MODULES = { "prom-client": "prom-client", "prometheus-io": "@prometheus-io/client" };
const OPTIONS = {
  name: "bench_seconds",
  help: "b",
  labelNames: ["method", "route", "status"],
  buckets: BUCKETS,
};

function telltale() {
  const { createObservability } = require(path.join(__dirname, "../../dist/index.js"));
  return createObservability({
    service: `bench-${series}`,
    tracing: false,
    logging: { level: "silent" },
    http: { outgoing: false },
    metrics: { maxSeriesPerFamily: 1_000_000, maxValuesPerLabel: 1_000_000, process: false },
  }).metrics;
}

function workerHistogram() {
  if (variant === "telltale") return telltale().histogram(OPTIONS);
  const client = require(MODULES[variant]);
  // Without it a worker does not answer its primary.
  new client.AggregatorRegistry();
  return new client.Histogram(OPTIONS);
}

function runWorker() {
  const histogram = workerHistogram();
  const sets = labelSets(Number(series));
  let round = 0;
  process.on("message", (message) => {
    if (message !== "touch") return;
    round++;
    for (const [i, set] of sets.entries()) histogram.observe(set, ((i + round) % 97) / 20);
    process.send("touched");
  });
  process.send("started");
}

function primaryHandler() {
  if (variant === "telltale") return telltale().handler();
  const registry = new (require(MODULES[variant]).AggregatorRegistry)();
  return async (_req, res) => res.end(await registry.clusterMetrics());
}

async function heard(worker, word) {
  for (;;) {
    const [message] = await once(worker, "message");
    if (message === word) return;
  }
}

async function forkWorker() {
  const worker = cluster.fork();
  await heard(worker, "started");
  return worker;
}

function touch(worker) {
  worker.send("touch");
  return heard(worker, "touched");
}

// The client is another process: what it costs is not the primary's.
async function measure(workers, reader, port) {
  await Promise.all(workers.map(touch));
  const before = process.cpuUsage();
  const startedAt = performance.now();
  reader.send(port);
  await once(reader, "message");
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

async function runPrimary() {
  const handler = primaryHandler();
  const server = http.createServer((req, res) => void handler(req, res));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  cluster.setupPrimary({ exec: __filename, args: [process.argv[2]] });
  const reader = fork(require.resolve("../scrape/reader.cjs"));
  const workers = await Promise.all([forkWorker(), forkWorker(), forkWorker()]);
  process.on("message", async () => process.send(await measure(workers, reader, server.address().port)));
  process.on("disconnect", () => process.exit());
  await new Promise((resolve) => setTimeout(resolve, 500));
  process.send("ready");
}

if (cluster.isPrimary) void runPrimary();
else runWorker();
