import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RotateOptions } from "../../../src/logging/sinks/options.js";
import type { Outlet } from "../../../src/logging/sinks/outlets.js";
import { openRotating } from "../../../src/logging/sinks/rotating.js";

const NOON = new Date(2026, 10, 21, 12).getTime();
const HOUR_MS = 3_600_000;
let dir = "";
let path = "";
let clock = NOON;
let faults: unknown[] = [];
const opened: Outlet[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-rotate-"));
  path = join(dir, "app.log");
  clock = NOON;
  faults = [];
});
afterEach(() => {
  for (const outlet of opened.splice(0)) outlet.close();
  rmSync(dir, { recursive: true });
});

function open(rotate: RotateOptions): (line: string) => number {
  // Removals of an earlier test may fail once its folder is gone.
  const mine = faults;
  const outlet = openRotating({ path, rotate, now: () => clock, onFault: (error) => void mine.push(error) });
  opened.push(outlet);
  return (line) => outlet.write(Buffer.from(line), 0);
}

const text = (name: string): string => readFileSync(join(dir, name), "utf8");
const logs = (): string[] =>
  readdirSync(dir)
    .filter((name) => /^app\.\d+\.log$/.test(name))
    .sort();

describe("a rotating file", () => {
  it("begins the next file before one would grow past its size, and never cuts what came at once", () => {
    const write = open({ maxBytes: 10 });
    for (const line of ["1234\n", "5678\n", "9\n", "a line longer than a file\n", "x\n"]) write(line);
    expect(["app.1.log", "app.2.log", "app.3.log", "app.4.log"].map(text)).toEqual([
      "1234\n5678\n",
      "9\n",
      "a line longer than a file\n",
      "x\n",
    ]);
    expect(faults).toEqual([]);
  });

  it("shows the current file under the name that was asked for", () => {
    const write = open({ maxBytes: 4 });
    for (const line of ["one\n", "two\n"]) write(line);
    expect(readlinkSync(path)).toBe("app.2.log");
    expect(text("app.log")).toBe("two\n");
  });

  it.each([
    ["hour", HOUR_MS],
    ["day", 24 * HOUR_MS],
    [60_000, 60_000],
  ] as const)(
    "begins the next file with the first line of the next %s, and not before",
    (every, lengthMs) => {
      const write = open({ every });
      write("one\n");
      clock += lengthMs / 2 - 1;
      write("same\n");
      clock += lengthMs / 2 + 1;
      write("two\n");
      expect([text("app.1.log"), text("app.2.log")]).toEqual(["one\nsame\n", "two\n"]);
    },
  );

  it("keeps so many old files besides the current one, those of earlier runs included", async () => {
    for (const number of [3, 8, 9, 10]) writeFileSync(join(dir, `app.${number}.log`), "old\n");
    writeFileSync(join(dir, "app.txt.log"), "not ours");
    writeFileSync(join(dir, "app.2.log.gz"), "not ours");
    const write = open({ maxBytes: 4, keep: 2 });
    write("new\n");
    write("newer\n");
    await expect.poll(logs, { timeout: 10_000 }).toEqual(["app.10.log", "app.11.log", "app.12.log"]);
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(["app.txt.log", "app.2.log.gz"]));
    expect(faults).toEqual([]);
  });

  it("keeps no old file where none is wanted", async () => {
    const write = open({ maxBytes: 4, keep: 0 });
    for (const line of ["one\n", "two\n", "six\n"]) write(line);
    await expect.poll(logs, { timeout: 10_000 }).toEqual(["app.3.log"]);
  });

  it("goes on with the last file after a restart while it is small and young enough", () => {
    open({ maxBytes: 10 })("one\n");
    open({ maxBytes: 10 })("two\n");
    expect(text("app.1.log")).toBe("one\ntwo\n");
    const yesterday = (NOON - 24 * HOUR_MS) / 1000;
    utimesSync(join(dir, "app.1.log"), yesterday, yesterday);
    open({ every: "day" })("six\n");
    expect([text("app.1.log"), text("app.2.log")]).toEqual(["one\ntwo\n", "six\n"]);
    open({ maxBytes: 4 })("ten\n");
    expect(text("app.3.log")).toBe("ten\n");
  });

  it("takes a plain file of that name, from a time without rotation, for its first", () => {
    writeFileSync(path, "before\n");
    open({ maxBytes: 100 })("after\n");
    expect(text("app.1.log")).toBe("before\nafter\n");
  });

  it("goes on with the file it has when the next cannot be begun, and says so", () => {
    const write = open({ maxBytes: 4 });
    write("one\n");
    renameSync(dir, `${dir}-moved`);
    write("two\n");
    renameSync(`${dir}-moved`, dir);
    expect(text("app.1.log")).toBe("one\ntwo\n");
    expect(String(faults[0])).toContain("ENOENT");
    write("six\n");
    expect(text("app.2.log")).toBe("six\n");
  });
});
