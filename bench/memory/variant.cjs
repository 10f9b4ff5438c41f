"use strict";
const http = require("node:http");
const { LIBRARIES, labelSets } = require("../lib/libraries.cjs");

const library = LIBRARIES[process.argv[2]]();

function used() {
  for (let i = 0; i < 4; i++) global.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function scrape(port) {
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, agent: false };
    http.get(options, (res) => res.resume().on("end", resolve));
  });
}

async function measure({ kind, series }, port) {
  const family = kind === "counter" ? library.counter("bench_total") : library.histogram("bench_seconds");
  const sets = labelSets(series);
  // Code that is used no more is let go over several collections.
  for (let i = 0; i < 5; i++) used();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = used();
  const { rss } = process.memoryUsage();
  for (const set of sets) {
    if (kind === "counter") library.inc(family, set);
    else library.observe(family, set, 0.3);
  }
  const recorded = (used() - before) / series;
  await scrape(port);
  await scrape(port);
  await new Promise((resolve) => setTimeout(resolve, 100));
  // The caller's own objects are not the library's: they stay to the end for each.
  if (sets.length !== series) throw new Error("the label sets are gone");
  const peak = (process.resourceUsage().maxRSS * 1024 - rss) / series;
  return { recorded, scraped: (used() - before) / series, peak };
}

const server = http
  .createServer((req, res) => library.serve(req, res))
  .listen(0, "127.0.0.1", () => {
    process.on("message", async (size) => process.send(await measure(size, server.address().port)));
    process.send("ready");
  });
