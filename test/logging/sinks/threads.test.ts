import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Compiled, compile } from "../compiled.js";

let compiled: Compiled;
let dir = "";
beforeAll(() => {
  compiled = compile();
});
afterAll(() => {
  compiled.remove();
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-thread-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** A program whose worker thread logs to standard output and to a file, 3 lines, and then does what it is told. */
function program(path: string, then: string, after = ""): string {
  const thread = `
    const { createLogger } = require("./logging/index.js");
    const { logger } = createLogger(
      { service: "chat", level: "info", levels: {}, clientAddress: "masked", format: "json", redact: [],
        sinks: [{ to: "stdout" }, { to: "file", path: ${JSON.stringify(path)} }] },
      { logChunk: () => "", note() {} });
    for (let i = 0; i < 3; i++) logger.info("line " + i);
    require("node:worker_threads").parentPort.postMessage("logged");
    ${then}`;
  return `
    const { Worker } = require("node:worker_threads");
    const worker = new Worker(${JSON.stringify(thread)}, { eval: true });
    worker.on("exit", (code) => process.stderr.write("exit " + code));
    ${after}`;
}

const TEXTS = ["line 0", "line 1", "line 2"];
const textsOf = (lines: readonly string[]): unknown[] =>
  lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
const written = (path: string): unknown[] => textsOf(readFileSync(path, "utf8").split("\n").slice(0, -1));

it.each([
  ["runs out of work", "", 0],
  ["calls process.exit()", "process.exit(4);", 4],
])("a worker thread that %s leaves no line behind", async (_how, then, code) => {
  const path = join(dir, "app.log");
  const ended = await compiled.run(program(path, then));
  expect([ended.code, ended.stderr]).toEqual([0, `exit ${code}`]);
  expect(textsOf(ended.lines)).toEqual(TEXTS);
  expect(written(path)).toEqual(TEXTS);
});

it("a worker thread that throws leaves no line behind", async () => {
  const path = join(dir, "app.log");
  const ended = await compiled.run(
    program(path, 'throw new Error("thrown");', 'worker.on("error", () => undefined);'),
  );
  expect(ended.stderr).toBe("exit 1");
  expect(textsOf(ended.lines)).toEqual(TEXTS);
  expect(written(path)).toEqual(TEXTS);
});

it("a worker thread that is terminated loses at most its last tenth of a second, and the process goes on", async () => {
  const path = join(dir, "app.log");
  const ended = await compiled.run(
    program(
      path,
      `const { statSync } = require("node:fs");
       setInterval(() => {
         if (statSync(${JSON.stringify(path)}).size > 0) require("node:worker_threads").parentPort.postMessage("written");
       }, 10);`,
      'worker.on("message", (text) => { if (text === "written") worker.terminate(); });',
    ),
  );
  expect([ended.code, ended.stderr]).toEqual([0, "exit 1"]);
  expect(textsOf(ended.lines)).toEqual(TEXTS);
  expect(written(path)).toEqual(TEXTS);
});
