import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLogger } from "../../../src/logging/index.js";
import type { SinkOptions } from "../../../src/logging/sinks/options.js";
import { type Compiled, compile } from "../compiled.js";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
const counts = (): number[] => SIGNALS.map((signal) => process.listenerCount(signal));
const open = (sinks: SinkOptions[]) =>
  createLogger(
    {
      service: "chat",
      level: "info",
      levels: {},
      clientAddress: "masked",
      format: "json",
      redact: [],
      sinks,
    },
    { logChunk: () => "", note: () => undefined },
  );

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-signals-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe("SIGHUP", () => {
  it("makes every open file anew, beside the host's own listener", async () => {
    const paths = ["a.log", "b.log"].map((name) => join(dir, name));
    const log = open(paths.map((path) => ({ to: "file", path })));
    let heard = 0;
    const listener = (): void => void heard++;
    process.on("SIGHUP", listener);
    log.logger.info("before");
    log.flush();
    for (const path of paths) renameSync(path, `${path}.1`);
    process.kill(process.pid, "SIGHUP");
    await expect.poll(() => heard, { timeout: 10_000 }).toBe(1);
    process.off("SIGHUP", listener);
    log.logger.info("after");
    await log.close();
    for (const path of paths) {
      expect(readFileSync(`${path}.1`, "utf8")).toMatch(/^.*"before".*\n$/);
      expect(readFileSync(path, "utf8")).toMatch(/^.*"after".*\n$/);
    }
  });

  it("is listened to by no one but an open file that wants it", async () => {
    const before = counts();
    const none = open([{ to: "stdout" }, { to: "file", path: join(dir, "a"), sighup: false }]);
    expect(process.listenerCount("SIGHUP")).toBe(before[2]);
    const first = open([{ to: "file", path: join(dir, "b") }]);
    const second = open([{ to: "file", path: join(dir, "c") }]);
    expect(process.listenerCount("SIGHUP")).toBe((before[2] ?? 0) + 1);
    await first.close();
    expect(process.listenerCount("SIGHUP")).toBe((before[2] ?? 0) + 1);
    await Promise.all([none.close(), second.close()]);
    expect(counts()).toEqual(before);
  });
});

describe("a signal that ends the process", () => {
  let compiled: Compiled;
  beforeAll(() => {
    compiled = compile();
  });
  afterAll(() => {
    compiled.remove();
  });

  const WRITE = `for (let i = 0; i < 50; i++) logger.info({ i }, "line");`;
  const RUN = `const { logger } = make({}); setInterval(() => {}, 1000);`;
  const READY = `process.stderr.write("ready");`;

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends it as without us on %s, with every line written",
    async (signal) => {
      const ended = await compiled.run(`${RUN} ${WRITE} ${READY}`, { signal });
      expect([ended.code, ended.signal, ended.lines.length]).toEqual([null, signal, 50]);
    },
  );

  it("ends it on SIGHUP where no file is open", async () => {
    const ended = await compiled.run(`${RUN} ${WRITE} ${READY}`, { signal: "SIGHUP" });
    expect([ended.code, ended.signal]).toEqual([null, "SIGHUP"]);
  });

  it("leaves it to the host's listener, once or not, and flushes at each", async () => {
    const ended = await compiled.run(
      `${RUN} ${WRITE}
       process.once("SIGTERM", () => {
         logger.info("shutting down");
         setTimeout(() => { logger.info("done"); process.kill(process.pid, "SIGTERM"); }, 50);
       });
       ${READY}`,
      { signal: "SIGTERM" },
    );
    expect([ended.signal, ended.lines.length]).toEqual(["SIGTERM", 52]);
  });

  it("lets a library that counts the listeners end it, as signal-exit does", async () => {
    const ended = await compiled.run(
      `${RUN} ${WRITE}
       const own = () => {
         if (process.listeners("SIGTERM").length !== 1) return;
         process.removeListener("SIGTERM", own);
         process.kill(process.pid, "SIGTERM");
       };
       process.on("SIGTERM", own);
       ${READY}`,
      { signal: "SIGTERM" },
    );
    expect([ended.signal, ended.lines.length]).toEqual(["SIGTERM", 50]);
  });
});
