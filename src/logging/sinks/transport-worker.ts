/**
 * The program of the worker that a pino transport runs in, as text, so that it needs no file beside a bundle. Batches
 * come through a port of their own, for the transport listens to the worker's: it is told pino's configuration there.
 */
export const TRANSPORT_WORKER = `"use strict";
const { once } = require("node:events");
const { workerData } = require("node:worker_threads");
const { file, port, state } = workerData;

async function open() {
  let build = await import(file);
  for (let i = 0; i < 2 && typeof build === "object"; i++) build = build.default;
  const out = await build(workerData.workerData);
  out.on("error", (error) => {
    throw error;
  });
  return out;
}

// Off the main thread: transports read pino's own level and time, numbers, where formats have texts.
function lineOf({ line, level, timeMs }) {
  try {
    return JSON.stringify({ ...JSON.parse(line), level, time: timeMs }) + "\\n";
  } catch {
    return line + "\\n";
  }
}

async function take(out, message) {
  if (message === "end") return end(out);
  if (!out.write(message.map(lineOf).join(""))) await once(out, "drain");
  port.postMessage("taken");
  return out;
}

async function end(out) {
  const closed = once(out, "close");
  out.end();
  await closed;
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
  process.exit(0);
}

let turn = open();
port.on("message", (message) => {
  turn = turn.then((out) => take(out, message));
});
`;
