import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BufferedSink } from "../../../src/logging/sinks/buffered.js";
import type { DropReason } from "../../../src/logging/sinks/losses.js";
import { openFile } from "../../../src/logging/sinks/outlets.js";
import { type Compiled, compile } from "../compiled.js";

let dir = "";
let lost: { reason: DropReason; lines: number; error: string }[] = [];
const lose = (reason: DropReason, lines: number, error?: unknown): void =>
  void lost.push({ reason, lines, error: error instanceof Error ? error.message : "" });
const openSink = (path: string): BufferedSink => new BufferedSink(openFile({ path }), lose);

/** A sink on an outlet that answers as it is told. */
function fakeSink(write: (bytes: Buffer, offset: number) => number): BufferedSink {
  const nothing = (): void => undefined;
  return new BufferedSink({ isTty: false, isOwned: true, write, reopen: nothing, close: nothing }, lose);
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-sink-"));
  lost = [];
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe("a file sink", () => {
  it("holds lines back until 16 k characters have come", async () => {
    const path = join(dir, "app.log");
    const sink = openSink(path);
    sink.write("one\n");
    expect(readFileSync(path, "utf8")).toBe("");
    sink.write(`${"x".repeat(16_384)}\n`);
    expect(readFileSync(path, "utf8")).toBe(`one\n${"x".repeat(16_384)}\n`);
    await sink.close();
  });

  it("hands on what it holds after a while, when asked, and when closed", async () => {
    const path = join(dir, "app.log");
    const sink = openSink(path);
    sink.write("one\n");
    await expect.poll(() => readFileSync(path, "utf8"), { interval: 20 }).toBe("one\n");
    sink.write("two\n");
    sink.flushSync();
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
    sink.write("three\n");
    await sink.close();
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\nthree\n");
  });

  it("appends, and follows the path when it is opened anew", async () => {
    const path = join(dir, "app.log");
    const sink = openSink(path);
    sink.write("before\n");
    renameSync(path, `${path}.1`);
    sink.reopen();
    sink.write("after\n");
    await sink.close();
    const again = openSink(path);
    again.write("again\n");
    await again.close();
    expect([readFileSync(`${path}.1`, "utf8"), readFileSync(path, "utf8")]).toEqual([
      "before\n",
      "after\nagain\n",
    ]);
  });

  it("holds one descriptor however often it is opened anew, and none when closed", async () => {
    const open = (): number => readdirSync("/proc/self/fd").length;
    const before = open();
    const sink = openSink(join(dir, "app.log"));
    for (let i = 0; i < 5; i++) sink.reopen();
    expect(open()).toBe(before + 1);
    await sink.close();
    expect(open()).toBe(before);
  });

  it("begins a new line where a write broke off inside one", async () => {
    let written = "";
    const answers = [5, new Error("ENOSPC")];
    const sink = fakeSink((bytes, offset) => {
      const answer = answers.shift() ?? bytes.length - offset;
      if (typeof answer !== "number") throw answer;
      written += bytes.subarray(offset, offset + answer).toString();
      return answer;
    });
    sink.write("first line\n");
    sink.write("second line\n");
    sink.flushSync();
    sink.write("third line\n");
    await sink.close();
    expect(written).toBe("first\nthird line\n");
    expect(lost).toEqual([{ reason: "write_failed", lines: 2, error: "ENOSPC" }]);
  });

  it("keeps the order when a full pipe takes a part, and drops new lines past 8 M characters", async () => {
    let written = "";
    let isFull = true;
    const sink = fakeSink((bytes, offset) => {
      if (isFull && written !== "") throw Object.assign(new Error("full"), { code: "EAGAIN" });
      const end = isFull ? offset + 5 : bytes.length;
      written += bytes.subarray(offset, end).toString();
      return end - offset;
    });
    sink.write("first line\n");
    sink.flushSync();
    const long = `${"x".repeat(1024 * 1024)}\n`;
    for (let i = 0; i < 10; i++) sink.write(long);
    expect(lost).toEqual([
      { reason: "buffer_full", lines: 1, error: "" },
      { reason: "buffer_full", lines: 1, error: "" },
    ]);
    isFull = false;
    await sink.close();
    expect(written).toBe(`first line\n${long.repeat(8)}`);
  });

  it("goes on with the old file when the path cannot be opened anew", async () => {
    const path = join(dir, "logs.log");
    const sink = openSink(path);
    renameSync(dir, `${dir}-moved`);
    sink.reopen();
    sink.write("kept\n");
    await sink.close();
    renameSync(`${dir}-moved`, dir);
    expect(readFileSync(path, "utf8")).toBe("kept\n");
    expect(lost).toEqual([{ reason: "write_failed", lines: 0, error: expect.stringContaining("ENOENT") }]);
  });

  it("counts the lines a full disk does not take, and never throws", async () => {
    const sink = openSink("/dev/full");
    sink.write("one\n");
    sink.write("two\n");
    sink.flushSync();
    sink.write("three\n");
    await sink.close();
    sink.write("four\n");
    expect(lost.map(({ lines }) => lines)).toEqual([2, 1, 1]);
    expect(lost.map(({ reason }) => reason)).toEqual(["write_failed", "write_failed", "closed"]);
    expect(lost[0]?.error).toContain("ENOSPC");
  });

  it("may be closed twice and opened anew never again", async () => {
    const path = join(dir, "app.log");
    const sink = openSink(path);
    await sink.close();
    await sink.close();
    rmSync(path);
    sink.reopen();
    expect(existsSync(path)).toBe(false);
    expect(lost).toEqual([]);
  });
});

describe("a process", () => {
  let compiled: Compiled;
  beforeAll(() => {
    compiled = compile();
  });
  afterAll(() => {
    compiled.remove();
  });

  const WRITE = `for (let i = 0; i < 1000; i++) logger.info({ i }, "line");`;

  it.each([
    ["runs out of work", "", 0],
    ["calls process.exit", "process.exit(3)", 3],
    ["dies of an error", "throw new Error('crash')", 1],
    ["dies of a rejection", "Promise.reject(new Error('crash'))", 1],
  ])("keeps every line when it %s", async (_, end, code) => {
    const ended = await compiled.run(`const { logger } = make({}); ${WRITE} ${end}`);
    expect(ended.code).toBe(code);
    expect(ended.lines.map((line) => (JSON.parse(line) as { i: number }).i)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i),
    );
  });

  it("keeps every line when a handler ends it on SIGTERM", async () => {
    const ended = await compiled.run(
      `const { logger } = make({}); setInterval(() => {}, 1000);
       process.on("SIGTERM", () => { logger.info("bye"); process.exit(0); });
       ${WRITE} process.stderr.write("ready");`,
      { signal: "SIGTERM" },
    );
    expect([ended.code, ended.lines.length]).toEqual([0, 1001]);
  });

  it("has a fatal line on its way before anything else happens", async () => {
    const ended = await compiled.run(
      `const { logger } = make({}); logger.info("one"); logger.fatal("two"); process.kill(process.pid, "SIGKILL");`,
    );
    expect(ended.lines).toHaveLength(2);
  });

  it("lives on when the disk is full, and is told once with the count", async () => {
    const ended = await compiled.run(
      `const { logger, flush } = make({ destination: "/dev/full" });
       ${WRITE} flush(); ${WRITE} flush();
       setTimeout(() => console.log(JSON.stringify(notes)), 200);`,
    );
    expect(ended.code).toBe(0);
    const [first, ...others] = JSON.parse(ended.lines[0] ?? "[]") as string[];
    expect(first).toMatch(/^log log output file: ENOSPC: .* \(\d+ lines lost\)$/);
    expect(others).toEqual([]);
  });

  it("lives on when nobody reads its pipe any more", async () => {
    const ended = await compiled.run(
      `const { logger } = make({}); ${WRITE}
       setTimeout(() => { ${WRITE} }, 200);
       setTimeout(() => process.stderr.write(notes.join()), 500);`,
      { closeStdout: true },
    );
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain("EPIPE");
  });

  it.each([
    ["a blocking pipe", ""],
    ["a pipe that does not block", "console.log('{}');"],
  ])("brings 20,000 lines whole through %s that is read late", async (_, first) => {
    const ended = await compiled.run(
      `${first} const { logger } = make({}); for (let i = 0; i < 20000; i++) logger.info({ i }, "line");`,
      { readDelayMs: 300 },
    );
    const numbers = ended.lines
      .map((line) => (JSON.parse(line) as { i?: number }).i)
      .filter((i) => i !== undefined);
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
  });

  it("is not kept alive, and gets no warning for twenty loggers", async () => {
    const ended = await compiled.run(
      `for (let i = 0; i < 20; i++) make({}).logger.info("x"); setImmediate(() => {});`,
    );
    expect([ended.code, ended.lines.length, ended.stderr]).toEqual([0, 20, ""]);
  });

  it("holds no timer that keeps it alive", async () => {
    const ended = await compiled.run(
      `make({ destination: "/dev/null" }).logger.info("x"); console.log(process.getActiveResourcesInfo().includes("Timeout"));`,
    );
    expect(ended.lines).toEqual(["false"]);
  });

  it("prints without colour into a pipe", async () => {
    const ended = await compiled.run(
      `make({ format: "pretty" }).logger.component("http").info({ status: 200 }, "request completed");`,
      {
        env: { FORCE_COLOR: "1" },
      },
    );
    expect(ended.lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO: {2}\[http\] request completed status=200$/);
  });
});
