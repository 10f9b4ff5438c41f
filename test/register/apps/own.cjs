// An app that has an observability of its own, on the management port that register would take.
const { createServer } = require("node:http");
const { createObservability } = require(process.argv[2]);

async function main() {
  if (process.argv[3] === "late") await new Promise((resolve) => setTimeout(resolve, 200));
  const obs = createObservability({ service: "own", logging: { level: "silent" } });
  const server = createServer(obs.http((_req, res) => res.end("ok")));
  server.listen(0, "127.0.0.1", async () => {
    const { url } = await obs.listen();
    console.log(JSON.stringify({ url, port: server.address().port }));
  });
}
main();
