import { expect, test } from "vitest";
import { createFaults } from "../src/guard.js";

function setUp() {
  const counts: string[] = [];
  const lines: [string, unknown, number][] = [];
  let now = 0;
  const faults = createFaults({
    count: (part) => counts.push(part),
    warn: (...line) => lines.push(line),
    now: () => now,
  });
  return { faults, counts, lines, pass: (ms: number) => (now += ms) };
}

test("returns what the code returns and stays silent", () => {
  const { faults, counts } = setUp();
  expect(faults.guard("check", () => 42)).toBe(42);
  expect(counts).toEqual([]);
});

test("swallows a throw, counts every one, and tells once a minute with the number kept quiet", () => {
  const { faults, counts, lines, pass } = setUp();
  const boom = new Error("boom");
  const fail = () =>
    faults.guard("label", () => {
      throw boom;
    });
  for (let i = 0; i < 3; i++) expect(fail()).toBeUndefined();
  pass(59_999);
  fail();
  expect(lines).toEqual([["label", boom, 0]]);
  pass(1);
  fail();
  expect(lines.at(-1)).toEqual(["label", boom, 3]);
  pass(60_000);
  fail();
  expect(lines.at(-1)).toEqual(["label", boom, 0]);
  expect(counts).toHaveLength(6);
});

test("keeps the parts apart", () => {
  const { faults, lines } = setUp();
  faults.note("a", 1);
  faults.note("b", 2);
  expect(lines.map(([part]) => part)).toEqual(["a", "b"]);
});

test("never logs the log's own fault", () => {
  const { faults, counts, lines } = setUp();
  faults.note("log", new Error("disk full"));
  expect(counts).toEqual(["log"]);
  expect(lines).toEqual([]);
});
