// One variant of the service, in a process of its own: `node server.cjs <framework> <variant> <module of variants>`.
// Tells its port and, for each line on stdin, the CPU microseconds it has used.
"use strict";
const { createWriteStream } = require("node:fs");
const [, , framework, variant, variantsFile] = process.argv;
const { before, fastifyBefore, loadFirst } = require(variantsFile);

loadFirst(variant);
const payload = { id: 7, name: "room", tags: ["a", "b"] };
const sink = createWriteStream("/dev/null");

async function start() {
  if (framework === "express") {
    const express = require("express");
    const app = express();
    app.disable("etag");
    before(variant, app, { sink });
    const router = express.Router();
    router.get("/users/:id", (_req, res) => res.json(payload));
    app.use("/api/:tenant", router);
    return new Promise((resolve) => {
      const server = app.listen(0, "127.0.0.1", () => resolve(server.address().port));
    });
  }
  const app = require("fastify")();
  await fastifyBefore(variant, app, { sink });
  app.get("/api/:tenant/users/:id", async () => payload);
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.server.address().port;
}

start().then((port) => {
  process.stdout.write(`${port}\n`);
  process.stdin.on("data", () => {
    const { user, system } = process.cpuUsage();
    process.stdout.write(`${user + system} ${process.memoryUsage().rss}\n`);
  });
  process.stdin.on("end", () => process.exit(0));
});
