// An Express service with metrics, an access log, traces and health endpoints.
//
//   npm run build && node examples/express/index.mjs
//
//   curl -i localhost:3000/users/7                  the answer carries x-request-id; the log line has it too
//   curl -i localhost:3000/orders                   a route that throws: status 500, logged as an error
//   curl -i localhost:3000/no/such/path             counted under route="__unmatched__"
//   curl -i localhost:3000/users/x                  404, and a security event that tells the client's network
//   curl -s localhost:3000/ready                    503 once the service shuts down
//   curl -s localhost:3000/metrics | grep http_requests_total
//
// Ctrl-C, or a SIGTERM, ends it in order: docs/guides/shutdown.md. PORT=8080 listens elsewhere.
import express from "express";
import { createObservability } from "telltale";

const obs = createObservability({ service: "express-example", health: { shutdown: true } });
const log = obs.logger.component("users");
const lookups = obs.metrics.counter({
  name: "user_lookups_total",
  help: "Users looked up, by result.",
  labelNames: ["result"],
});

const app = express();
app.use(obs.express());
app.use(obs.health.router());
app.get("/metrics", obs.metrics.handler());

app.get("/users/:id", (req, res) => {
  const found = /^\d+$/.test(req.params.id);
  lookups.inc({ result: found ? "found" : "missing" });
  if (!found) {
    obs.events.security.suspicious({ clientIp: req.ip, reason: "an id that is no number" });
    return void res.status(404).json({ error: "no such user" });
  }
  log.info({ user: req.params.id }, "user looked up");
  res.json({ id: Number(req.params.id), name: "Ada" });
});

app.get("/orders", () => {
  throw new Error("the orders are out of order");
});

// Express finds an error handler by its four parameters.
app.use((error, _req, res, _next) => {
  log.error({ err: error }, "request failed");
  res.status(500).json({ error: "internal error" });
});

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`listening on http://localhost:${server.address().port}`);
});

// Runs once no request is open any more; what it is called with says why.
obs.health.onShutdown("users", ({ reason }) => log.info({ reason }, "users closed"));
