const { createServer } = require("node:http");
const { trace } = require("@opentelemetry/api");

const server = createServer((req, res) => {
  if (req.url === "/stop") {
    res.setHeader("connection", "close").end();
    server.close();
  } else if (req.url === "/hang") res.write("a");
  else if (req.url === "/missing") res.writeHead(404).end();
  else res.end(JSON.stringify({ trace: trace.getActiveSpan()?.spanContext().traceId ?? null }));
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
