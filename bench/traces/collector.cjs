// A collector of any protocol over HTTP, in a process of its own: takes everything, or never answers (`hung`).
"use strict";
const { createServer } = require("node:http");

const server = createServer((req, res) => {
  req.resume();
  if (process.argv[2] !== "hung") req.on("end", () => res.end());
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on("end", () => process.exit(0)).resume();
