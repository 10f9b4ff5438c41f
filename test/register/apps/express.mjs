import { request as call } from "node:http";
import { trace } from "@opentelemetry/api";
import express from "express";
import pino from "pino";

const log = pino({ mixin: () => ({ otel: trace.getActiveSpan()?.spanContext().traceId }) });
const app = express();
const users = express.Router();
users.get("/:id", (req, res) => {
  log.info({ mine: true }, "user");
  res.json({ id: req.params.id });
});
app.use("/api/users", users);
app.get("/ids", (_req, res) => res.json({ trace: trace.getActiveSpan()?.spanContext().traceId }));
app.get("/forward", async (req, res) => {
  const answer = await fetch(`${req.query.to}/ids`);
  res.json({ own: trace.getActiveSpan()?.spanContext().traceId, other: (await answer.json()).trace });
});
app.get("/boom", () => {
  throw new TypeError("boom");
});
app.get("/hang", (_req, res) => res.write("a"));
app.get("/self", (_req, res) =>
  call({ port: server.address().port, path: "/ids" }, (r) => r.pipe(res)).end(),
);
app.get("/stop", (_req, res) => {
  res.end();
  server.close();
});
app.use((_error, _req, res, _next) => void res.status(500).end());
const server = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
