import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isObservabilityError } from "../../../src/errors.js";
import { FORMATS } from "../../../src/logging/formats/index.js";
import { BufferedSink } from "../../../src/logging/sinks/buffered.js";
import { openSinks } from "../../../src/logging/sinks/open.js";
import { parseSink } from "../../../src/logging/sinks/parse.js";
import { createHouse } from "../fakes.js";

const format = FORMATS.json({ service: "chat", hasIds: () => false });
const parts = { hooks: { note: () => undefined }, format, sender: { service: "chat" } };

function complaintOf(settings: object): string {
  try {
    openSinks(settings as never, parts);
  } catch (error) {
    if (isObservabilityError(error)) return `${error.code} ${error.message}`;
  }
  return "nothing thrown";
}

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-sinks-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe("logging.destination", () => {
  it.each([
    [5, /found 5, expected a file path or an object with write\(line\)$/],
    [null, /found null, expected a file path/],
    [{ write: 1 }, /found object, expected/],
    [
      "/no/such/dir/app.log",
      /found "\/no\/such\/dir\/app\.log", expected a path that can be opened for appending \(ENOENT: .*\)$/,
    ],
  ])("complains about %j, once and in one line", (destination, expected) => {
    expect(complaintOf({ destination })).toMatch(/^TELLTALE_OPTION logging\.destination: /);
    expect(complaintOf({ destination })).toMatch(expected);
  });

  it("is standard output where nothing is said, and whoever has replaced process.stdout.write", () => {
    const { write } = process.stdout;
    const seen: string[] = [];
    process.stdout.write = ((line: string) => {
      seen.push(line);
      return true;
    }) as typeof write;
    try {
      const sink = openSinks({}, parts);
      sink.write("line\n");
      expect(sink).not.toBeInstanceOf(BufferedSink);
    } finally {
      process.stdout.write = write;
    }
    expect(seen).toEqual(["line\n"]);
  });
});

describe("logging.sinks", () => {
  it.each([
    [[5], "logging.sinks[0]: found 5, expected an object with `to`"],
    [[{ to: "stdout" }, { to: "lokki" }], 'logging.sinks[1].to: found "lokki", expected one of "stdout", '],
    [
      [{ to: "loki", url: "loki:3100" }],
      'logging.sinks[0].url: found "loki:3100", expected an http or https URL',
    ],
    [
      [{ to: "otlp", headers: { a: 1 } }],
      "logging.sinks[0].headers: found object, expected an object of strings",
    ],
    [
      [{ to: "otlp", timeoutMs: 0 }],
      "logging.sinks[0].timeoutMs: found 0, expected a whole number of at least 1",
    ],
    [[{ to: "file" }], "logging.sinks[0].path: found undefined, expected a non-empty string"],
    [
      [{ to: "file", path: "a", pth: 1 }],
      "logging.sinks[0].pth: found 1, expected no such member, but level, ",
    ],
    [[{ to: "stdout", level: "loud" }], 'logging.sinks[0].level: found "loud", expected one of "trace", '],
    [
      [{ to: "stream", stream: {} }],
      "logging.sinks[0].stream: found object, expected an object with write(line)",
    ],
    [
      [{ to: "file", path: "a", rotate: {} }],
      "logging.sinks[0].rotate: found object, expected an object of { maxBytes",
    ],
    [[{ to: "file", path: "a", rotate: { every: "week" } }], "logging.sinks[0].rotate: "],
    [[{ to: "file", path: "a", rotate: { maxBytes: 1, kep: 3 } }], "logging.sinks[0].rotate: "],
    [[{ to: "file", path: "/no/such/dir/a" }], "logging.sinks[0]: found "],
  ])("complains about %j", (sinks, expected) => {
    expect(complaintOf({ sinks })).toContain(`TELLTALE_OPTION ${expected}`);
  });

  it("gives each sink the lines of its level and above", async () => {
    const all: string[] = [];
    const path = join(dir, "deep", "errors.log");
    const house = createHouse({
      sinks: [
        { to: "stream", stream: { write: (line) => all.push(line) } },
        { to: "file", path, mkdir: true, level: "error" },
      ],
    });
    house.logger.debug("one");
    house.logger.error("two");
    house.logger.fatal("three");
    house.logger.component("db").info("four");
    await house.close();
    expect(all.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      "one",
      "two",
      "three",
      "four",
    ]);
    const errors = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(errors.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["two", "three"]);
  });

  it("goes on with the other sinks where one fails, and counts by sink", () => {
    const lines: string[] = [];
    const dropped: string[] = [];
    const broken = {
      write: () => {
        throw new Error("broken");
      },
    };
    const house = createHouse(
      {
        sinks: [
          { to: "stream", stream: broken },
          { to: "stream", stream: broken, name: "audit" },
          { to: "stream", stream: broken },
          { to: "stream", stream: { write: (line) => lines.push(line) } },
        ],
      },
      { dropped: (sink, reason, count) => void dropped.push(`${sink} ${reason} ${count}`) },
    );
    house.logger.info("x");
    expect(lines).toHaveLength(1);
    expect(dropped).toEqual(["stream write_failed 1", "audit write_failed 1", "stream2 write_failed 1"]);
  });

  it("closes what it has opened when a later one is refused", () => {
    const listeners = process.listenerCount("SIGHUP");
    expect(
      complaintOf({
        sinks: [
          { to: "file", path: join(dir, "a") },
          { to: "file", path: "/no/such/dir/b" },
        ],
      }),
    ).toContain("logging.sinks[1]");
    expect(process.listenerCount("SIGHUP")).toBe(listeners);
    expect(existsSync(join(dir, "a"))).toBe(true);
  });

  it("is read from the environment as words, each with its one main value", () => {
    expect(["stdout", "file:/var/log/a:b.log", "nothing:x"].map(parseSink)).toEqual([
      { to: "stdout" },
      { to: "file", path: "/var/log/a:b.log" },
      { to: "nothing:x" },
    ]);
  });

  it("hands on what is buffered when pino's flush is called", async () => {
    const path = join(dir, "app.log");
    const house = createHouse({ destination: path });
    house.logger.info("x");
    expect(readFileSync(path, "utf8")).toBe("");
    await new Promise((resolve) => house.logger.flush(resolve));
    expect(readFileSync(path, "utf8")).toContain('"msg":"x"');
    await house.close();
  });
});
