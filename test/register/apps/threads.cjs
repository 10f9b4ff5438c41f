const { createServer } = require("node:http");
const { isMainThread, Worker } = require("node:worker_threads");

const server = createServer((req, res) => {
  res.setHeader("connection", "close").end("ok");
  if (req.url === "/stop") server.close();
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  console.log(JSON.stringify(isMainThread ? { port } : { threadPort: port }));
});
if (isMainThread) new Worker(__filename);
