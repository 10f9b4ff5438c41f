const cluster = require("node:cluster");
const { createServer } = require("node:http");

if (cluster.isPrimary) {
  for (let i = 0; i < 2; i++) cluster.fork();
  cluster.on("message", (_worker, message) => console.log(JSON.stringify(message)));
} else {
  const server = createServer((_req, res) => res.setHeader("connection", "close").end(String(process.pid)));
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port, pid: process.pid }));
}
