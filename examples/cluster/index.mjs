// A service in three workers of node:cluster behind one port. Whichever of them is scraped answers for all.
//
//   npm run build && node examples/cluster/index.mjs
//
//   for i in 1 2 3 4 5 6; do curl -s localhost:3000/; done     answered by the workers in turn
//   curl -s localhost:3000/metrics | grep greetings_total      6, from any worker
//   kill -9 <pid of a worker>                                  a new worker begins, and the counters stay
//   curl -s localhost:3000/metrics | grep group_peers          how many of the others were heard
//
// Ctrl-C, or a SIGTERM, stops it. PORT=8080 listens elsewhere.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { createObservability } from "telltale";

const WORKERS = 3;

if (cluster.isPrimary) lead();
else serve();

// The primary needs no telltale; with it, the one that asks the others never changes.
function lead() {
  let isStopping = false;
  for (let i = 0; i < WORKERS; i++) cluster.fork();
  cluster.on("listening", (worker, { port }) => {
    console.log(`worker ${worker.process.pid} is listening on http://localhost:${port}`);
  });
  cluster.on("exit", () => {
    if (!isStopping) cluster.fork();
  });
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      isStopping = true;
      for (const worker of Object.values(cluster.workers)) worker.kill();
    });
  }
}

function serve() {
  const obs = createObservability({ service: "cluster-example" });
  const metrics = obs.metrics.handler();
  const greetings = obs.metrics.counter({ name: "greetings_total", help: "Greetings said." });
  const server = createServer(
    obs.http((req, res) => {
      if (req.url === "/metrics") return void metrics(req, res);
      greetings.inc();
      res.end(`hello from ${process.pid}\n`);
    }),
  );
  server.listen(Number(process.env.PORT ?? 3000));

  process.once("SIGTERM", async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    // Hands over what this worker has counted.
    await obs.close();
    process.disconnect();
  });
  // Ctrl-C reaches every process of the terminal; the primary passes it on.
  process.on("SIGINT", () => undefined);
}
