"use strict";
const { fork } = require("node:child_process");
const { once } = require("node:events");
const http = require("node:http");
const { monitorEventLoopDelay } = require("node:perf_hooks");
const { LIBRARIES, labelSets } = require("../lib/libraries.cjs");

const library = LIBRARIES[process.argv[2]]();
const server = http.createServer((req, res) => library.serve(req, res));
const reader = fork(require.resolve("./reader.cjs"));
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
let touch;

function declare({ kind, series }) {
  const sets = labelSets(series);
  if (kind === "counter") {
    const counter = library.counter("bench_requests_total");
    return () => {
      for (const set of sets) library.inc(counter, set);
    };
  }
  const histogram = library.histogram("bench_request_duration_seconds");
  return () => {
    for (const [i, set] of sets.entries()) library.observe(histogram, set, (i % 97) / 20);
  };
}

async function scrape() {
  // The turn that recorded is not the scrape's.
  await new Promise((resolve) => setTimeout(resolve, 20));
  delays.reset();
  const before = process.cpuUsage();
  reader.send(server.address().port);
  await once(reader, "message");
  const { user, system } = process.cpuUsage(before);
  await new Promise((resolve) => setTimeout(resolve, 5));
  // The monitor's timer beats each millisecond.
  return { cpuMs: (user + system) / 1000, turnMs: Math.max(0, delays.max / 1e6 - 1) };
}

process.on("message", async (size) => {
  touch ??= declare(size);
  touch();
  process.send(await scrape());
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send("ready"));
