const { trace } = require("@opentelemetry/api");
const fastify = require("fastify");

const app = fastify({ forceCloseConnections: true });
app.get("/ids", async () => ({ trace: trace.getActiveSpan()?.spanContext().traceId }));
app.register(
  async (api) => {
    api.get("/users/:id", async (request) => ({ id: request.params.id }));
  },
  { prefix: "/api" },
);
app.get("/boom", async () => {
  throw new TypeError("boom");
});
app.get("/hang", (_request, reply) => void reply.raw.write("a"));
app.get("/stop", async () => {
  setImmediate(() => app.close());
  return "";
});
app.listen({ port: 0, host: "127.0.0.1" }).then(() => {
  console.log(JSON.stringify({ port: app.server.address().port }));
});
