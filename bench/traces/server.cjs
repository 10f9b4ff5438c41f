// One variant of the service, in a process of its own: `node server.cjs <framework> <variant> <endpoints as JSON>`.
// Tells its port and, for each line on stdin, the CPU microseconds it has used, its memory, and the spans it has lost.
"use strict";
const { opentelemetry, telltale } = require("./variants.cjs");
const [, , framework, variant, json] = process.argv;
const endpoints = JSON.parse(json);

if (variant.startsWith("opentelemetry")) opentelemetry(variant, framework, endpoints);
const obs = variant.startsWith("telltale") ? telltale(variant, endpoints) : undefined;
const payload = { id: 7, name: "room", tags: ["a", "b"] };

async function start() {
  if (framework === "express") {
    const express = require("express");
    const app = express();
    app.disable("etag");
    if (obs !== undefined) app.use(obs.express());
    const router = express.Router();
    router.get("/users/:id", (_req, res) => res.json(payload));
    app.use("/api/:tenant", router);
    return new Promise((resolve) => {
      const server = app.listen(0, "127.0.0.1", () => resolve(server.address().port));
    });
  }
  const app = require("fastify")();
  if (obs !== undefined) await app.register(obs.fastify);
  app.get("/api/:tenant/users/:id", async () => payload);
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.server.address().port;
}

async function lost() {
  const text = obs === undefined ? "" : await obs.metrics.registry.metrics();
  const lines = text.split("\n").filter((line) => line.startsWith("telltale_spans_dropped_total{"));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

start().then((port) => {
  process.stdout.write(`${port}\n`);
  process.stdin.on("data", async () => {
    const { user, system } = process.cpuUsage();
    process.stdout.write(`${user + system} ${process.memoryUsage().rss} ${await lost()}\n`);
  });
  process.stdin.on("end", () => process.exit(0));
});
