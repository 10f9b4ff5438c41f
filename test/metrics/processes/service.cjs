// A service in several processes, for the tests beside this file. What it prints: one JSON line for each port opened.
const cluster = require("node:cluster");
const http = require("node:http");
const { fork } = require("node:child_process");
const { createObservability } = require(process.env.PACKAGE);

const isWorker = cluster.isWorker || process.env.ROLE === "child";
const hasObs = isWorker || process.env.PRIMARY !== "plain";

const obs = hasObs
  ? createObservability({
      service: "shop",
      http: { accessLog: false },
      metrics: { groupTimeoutMs: Number(process.env.TIMEOUT_MS ?? 2000) },
    })
  : undefined;
const sold = obs?.metrics.counter({ name: "sold_total", help: "Sold.", labelNames: ["what"] });
const seconds = obs?.metrics.histogram({ name: "work_seconds", help: "Work.", buckets: [1, 2] });
const stock = obs?.metrics.gauge({ name: "stock", help: "Stock." });
const metrics = obs?.metrics.handler();

const { AggregatorRegistry } = process.env.FOREIGN ? require("prom-client") : {};
if (isWorker) AggregatorRegistry?.setRegistries([obs.metrics.registry]);
const foreign = AggregatorRegistry && new AggregatorRegistry();

const answers = {
  sell({ count = 1 }) {
    sold.inc({ what: "tea" }, Number(count));
    seconds.observe(1.5);
    stock.set(Number(count));
  },
  fork: () => void (process.env.ROLE ? forkChild() : cluster.fork()),
  exit: () => void setImmediate(() => process.exit(0)),
  crash: () =>
    void setImmediate(() => {
      throw new Error("crashed");
    }),
  async close() {
    await obs.close();
  },
  disconnect() {
    own.close();
    setImmediate(() => cluster.worker.disconnect());
  },
  pid: () => undefined,
  foreign: () => foreign.clusterMetrics(),
};

async function answer(req, res) {
  const { pathname, searchParams } = new URL(req.url, "http://localhost");
  res.setHeader("connection", "close");
  if (pathname === "/metrics") return metrics(req, res);
  const text = await answers[pathname.slice(1)](Object.fromEntries(searchParams));
  res.end(text ?? String(process.pid));
}

function forkChild() {
  fork(__filename, { env: { ...process.env, ROLE: "child" } });
}

function open(kind, where) {
  const server = http.createServer((req, res) => void answer(req, res));
  server.listen(where, "127.0.0.1", () =>
    console.log(JSON.stringify({ kind, pid: process.pid, port: server.address().port })),
  );
  return server;
}

// A port of its own for each process, besides the one that the workers share.
const own = open(isWorker ? "worker" : "primary", { port: 0, host: "127.0.0.1", exclusive: true });
if (cluster.isWorker) open("shared", { port: 0, host: "127.0.0.1" });
if (!isWorker) {
  const count = Number(process.env.WORKERS ?? 3);
  for (let i = 0; i < count; i++) answers.fork();
  cluster.on("exit", (worker) => console.log(JSON.stringify({ kind: "gone", pid: worker.process.pid })));
  process.on("SIGTERM", () => process.exit(0));
}
if (process.env.GRACEFUL === "1") {
  process.on("SIGTERM", async () => {
    await obs?.close();
    process.exit(0);
  });
}
