// One way to write a line of five fields and a message to /dev/null, in a process of its own. Answers each question with
// the CPU nanoseconds that a line took, those of all threads, until the last one is written.
"use strict";
const path = require("node:path");
const { setImmediate: turn, setTimeout: wait } = require("node:timers/promises");
const { pino } = require("pino");

const variant = process.argv[2];
const DIST = path.join(__dirname, "../../dist");
const FILE = "/dev/null";
// As many lines as a busy service writes before its event loop turns.
const LINES_A_TURN = 100;
// A worker has taken the lines by then, but may still be writing them.
const SETTLE_MS = 100;
const REDACT = ["password", "token", "authorization", "cookie", "*.password", "*.token"];

function telltale(format) {
  const { createObservability } = require(path.join(DIST, "index.js"));
  return createObservability({
    service: "bench",
    logging: { destination: FILE, format },
    tracing: { exporter: "none" },
    metrics: { process: false },
    http: { outgoing: false },
  });
}

function ownSink() {
  const { BufferedSink } = require(path.join(DIST, "logging/sinks/buffered.js"));
  const { openFile } = require(path.join(DIST, "logging/sinks/outlets.js"));
  const sink = new BufferedSink(openFile({ path: FILE }), () => undefined);
  const flush = (done) => {
    sink.flushSync();
    done();
  };
  return { write: (line) => sink.write(line), flush };
}

const to = (options) => pino.destination({ dest: FILE, ...options });
const worker = () => pino.transport({ target: "pino/file", options: { destination: FILE } });
const VARIANTS = {
  "telltale json": () => telltale("json").logger,
  "telltale json, ids": () => telltale("json"),
  "telltale document": () => telltale("document").logger,
  "telltale document, ids": () => telltale("document"),
  "pino, no output": () => pino({}, { write: () => undefined, flush: (done) => done() }),
  "pino, telltale's sink": () => pino({}, ownSink()),
  "pino sync": () => pino({}, to({ sync: true })),
  "pino sync, redact": () => pino({ redact: REDACT }, to({ sync: true })),
  "pino sync, minLength 4096": () => pino({}, to({ sync: true, minLength: 4096 })),
  "pino async": () => pino({}, to({ sync: false })),
  "pino async, minLength 4096": () => pino({}, to({ sync: false, minLength: 4096 })),
  "pino worker": () => pino({}, worker()),
};

const made = VARIANTS[variant]();
const log = made.logger ?? made;
// Ids stand in what is logged inside a span.
const within = made.withSpan === undefined ? (work) => work() : (work) => made.withSpan("work", work);

function writeSome(from, count) {
  for (let i = from; i < from + count; i++) {
    const fields = {
      method: i & 1 ? "GET" : "POST",
      route: "/api/things/:id",
      status: 200 + (i & 3),
      seconds: (i % 997) / 1000,
      user: `u-${i % 4096}`,
    };
    log.info(fields, "request done");
  }
}

async function writeAll(lines) {
  for (let i = 0; i < lines; i += LINES_A_TURN) {
    within(() => writeSome(i, LINES_A_TURN));
    await turn();
  }
  await new Promise((resolve) => log.flush(resolve));
  if (variant === "pino worker") await wait(SETTLE_MS);
}

process.on("message", async ({ lines }) => {
  const before = process.cpuUsage();
  await writeAll(lines);
  const { user, system } = process.cpuUsage(before);
  process.send(((user + system) * 1000) / lines);
});
process.send("ready");
