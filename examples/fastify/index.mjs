// A Fastify service with metrics, an access log, traces and health endpoints.
//
//   npm run build && node examples/fastify/index.mjs
//
//   curl -i localhost:3000/users/7                  the answer carries x-request-id; the log line has it too
//   curl -i localhost:3000/orders                   a route that throws: status 500, with the error in the log line
//   curl -i localhost:3000/no/such/path             counted under route="__unmatched__"
//   curl -s localhost:3000/ready                    503 once the service shuts down
//   curl -s localhost:3000/metrics | grep http_requests_total
//
// Ctrl-C, or a SIGTERM, ends it in order: docs/guides/shutdown.md. PORT=8080 listens elsewhere.
import Fastify from "fastify";
import { createObservability } from "telltale";

const obs = createObservability({ service: "fastify-example", health: { shutdown: true } });
const log = obs.logger.component("users");
const lookups = obs.metrics.counter({
  name: "user_lookups_total",
  help: "Users looked up, by result.",
  labelNames: ["result"],
});

const app = Fastify();
await app.register(obs.fastify);
await app.register(obs.health.fastify);
app.get("/metrics", obs.metrics.handler());

app.get("/users/:id", async (request, reply) => {
  const { id } = request.params;
  const found = /^\d+$/.test(id);
  lookups.inc({ result: found ? "found" : "missing" });
  if (!found) return reply.code(404).send({ error: "no such user" });
  log.info({ user: id }, "user looked up");
  return { id: Number(id), name: "Ada" };
});

app.get("/orders", async () => {
  throw new Error("the orders are out of order");
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: "::" });
console.log(`listening on http://localhost:${app.server.address().port}`);

// Runs once no request is open any more; what it is called with says why.
obs.health.onShutdown("users", ({ reason }) => log.info({ reason }, "users closed"));
