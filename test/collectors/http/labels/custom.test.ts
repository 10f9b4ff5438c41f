import { expect, it } from "vitest";
import { compileLabels } from "../../../../src/collectors/http/labels/custom.js";
import type { Exchange } from "../../../../src/collectors/http/server/exchange.js";
import type { HttpSettings } from "../../../../src/collectors/http/settings.js";
import { createFaults } from "../../../../src/guard.js";

function read(value: () => unknown): { text: string | undefined; parts: string[] } {
  const parts: string[] = [];
  const faults = createFaults({ count: (part) => parts.push(part), warn: () => undefined, now: () => 0 });
  const settings = { labels: { plan: value }, maxLabelValues: 10 } as unknown as HttpSettings;
  const [label] = compileLabels(settings, faults.guard);
  return { text: label?.({} as Exchange), parts };
}

function fail(): never {
  throw new Error("no");
}

it.each([
  ["throws", fail],
  ["returns what cannot be made text", () => ({ toString: fail })],
  ["returns a proxy that throws", () => new Proxy({}, { get: fail })],
  ["returns a promise", () => Promise.resolve("gold")],
  ["returns a promise that rejects, which is then handled", () => Promise.reject(new Error("no"))],
])("a label function that %s gives the empty value and is counted", async (_, value) => {
  expect(read(value)).toEqual({ text: "", parts: ["http.labels"] });
  await new Promise(setImmediate);
});

it.each([
  [undefined, ""],
  [null, ""],
  [7, "7"],
  [Symbol("s"), "Symbol(s)"],
])("a label function may return %s", (value, text) => {
  expect(read(() => value)).toEqual({ text, parts: [] });
});

it("a huge value is cut before it is kept", () => {
  expect(read(() => "x".repeat(1e6)).text).toHaveLength(1024);
});
