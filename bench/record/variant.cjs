"use strict";
const { LIBRARIES, labelSets } = require("../lib/libraries.cjs");

const library = LIBRARIES[process.argv[2]]();
const sets = labelSets(1024);
const counter = library.counter("bench_requests_total");
const histogram = library.histogram("bench_request_duration_seconds");
const handles = (family) =>
  library.bound === undefined ? [] : sets.map((set) => library.bound(family, set));
const counters = handles(counter);
const histograms = handles(histogram);
const values = Float64Array.from({ length: 1024 }, (_, i) => 0.001 * 1.01 ** i);

const OPERATIONS = {
  "counter, labels": (n) => {
    for (let i = 0; i < n; i++) library.inc(counter, sets[(i * 7) & 1023]);
  },
  "counter, handle": (n) => {
    for (let i = 0; i < n; i++) counters[(i * 7) & 1023].inc();
  },
  "histogram, labels": (n) => {
    for (let i = 0; i < n; i++) library.observe(histogram, sets[(i * 7) & 1023], values[(i * 13) & 1023]);
  },
  "histogram, handle": (n) => {
    for (let i = 0; i < n; i++) histograms[(i * 7) & 1023].observe(values[(i * 13) & 1023]);
  },
};

process.on("message", ({ operation, records }) => {
  if (operation.endsWith("handle") && library.bound === undefined) return process.send(null);
  const before = process.cpuUsage();
  OPERATIONS[operation](records);
  const { user, system } = process.cpuUsage(before);
  process.send(((user + system) * 1000) / records);
});
process.send("ready");
