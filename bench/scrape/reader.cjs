"use strict";
const http = require("node:http");

process.on("message", (port) => {
  const options = { host: "127.0.0.1", port, agent: false };
  http.get(options, (res) => res.resume().on("end", () => process.send("read")));
});
process.on("disconnect", () => process.exit());
