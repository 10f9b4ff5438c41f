import { expect, test } from "vitest";
import type { NativeHistograms } from "../../../src/metrics/columns/native-histograms.js";
import { type AnyOptions, define } from "../../../src/metrics/families/define.js";
import { createHistogram } from "../../../src/metrics/families/histogram.js";
import { createMisuse } from "../../../src/metrics/families/misuse.js";
import type { Histogram, MetricsSettings } from "../../../src/metrics/types.js";

const OPTIONS = { name: "wait_seconds", help: "Wait.", labelNames: ["queue"], native: true } as const;

function defined(options: Partial<AnyOptions> = {}, settings: Partial<MetricsSettings> = {}) {
  return define(
    "histogram",
    { ...OPTIONS, ...options },
    { prefix: "", labels: {}, maxSeriesPerFamily: 9, ...settings },
  );
}

function make(options: Partial<AnyOptions> = {}) {
  const misuse = createMisuse("wait_seconds", () => undefined);
  const parts = { definition: defined(options), misuse, now: () => 0, collect: async () => undefined };
  const { rows, face } = createHistogram(parts);
  const wait = face as unknown as Histogram<"queue">;
  const native = rows.native as NativeHistograms;
  return { wait, rows, read: (queue: string) => native.read(rows.find([{ queue }])) };
}

test("records each observation in both kinds of buckets, whichever way it comes", () => {
  const { wait, rows, read } = make();
  wait.observe({ queue: "mail" }, 1);
  wait.labels("mail").observe(4);
  wait.labels({ queue: "sms" }).observe(-1);
  expect(read("mail")).toMatchObject({ schema: 3, sum: 5, count: 2, zeroCount: 0 });
  expect(read("mail")?.positive).toEqual({
    spans: [
      { offset: 0, length: 1 },
      { offset: 15, length: 1 },
    ],
    deltas: [1, 0],
  });
  expect(read("sms")).toMatchObject({
    sum: -1,
    count: 1,
    positive: { deltas: [] },
    negative: { deltas: [1] },
  });
  expect(rows.columns.blockOf(0).slice(0, 13)).toEqual(
    Float64Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 5),
  );
});

test("forgets a series with its row, and the row's next tenant begins at nothing", () => {
  const { wait, read } = make();
  const mail = wait.labels("mail");
  mail.observe(1);
  wait.remove("mail");
  wait.observe({ queue: "sms" }, 2);
  mail.observe(4);
  expect(read("sms")?.positive).toEqual({ spans: [{ offset: 8, length: 1 }], deltas: [1] });
  expect(read("mail")?.positive).toEqual({ spans: [{ offset: 16, length: 1 }], deltas: [1] });
  wait.reset();
  wait.labels("mail").zero();
  expect(read("mail")).toMatchObject({ sum: 0, count: 0, positive: { spans: [], deltas: [] } });
});

test("`zero()` makes it zero in both kinds", () => {
  const { wait, read } = make();
  wait.observe({ queue: "mail" }, 1);
  wait.zero({ queue: "mail" });
  expect(read("mail")).toMatchObject({ sum: 0, count: 0, positive: { deltas: [] } });
});

test("a row that nothing was observed in reads as one that begins", () => {
  const { wait, rows, read } = make({ native: { schema: -1 } });
  wait.zero({ queue: "mail" });
  expect(read("mail")).toEqual(rows.native?.readZero());
  expect(read("mail")).toMatchObject({ schema: -1, count: 0, zeroThreshold: 2 ** -128 });
});

test("a refused value is in neither kind", () => {
  const { wait, read } = make();
  wait.zero({ queue: "mail" });
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    wait.observe({ queue: "mail" }, value);
    wait.labels("mail").observe(value);
  }
  expect(read("mail")).toMatchObject({ count: 0, zeroCount: 0, positive: { deltas: [] } });
});

test("a histogram has them where it says so, or where all do and it does not say no", () => {
  const natives = [
    defined({ native: false }),
    defined({ native: false }, { nativeHistograms: true }),
    define("histogram", { name: "a", help: "A." }, { prefix: "", labels: {}, maxSeriesPerFamily: 9 }),
    define(
      "gauge",
      { name: "a", help: "A." },
      { prefix: "", labels: {}, maxSeriesPerFamily: 9, nativeHistograms: true },
    ),
    define(
      "histogram",
      { name: "a", help: "A." },
      { prefix: "", labels: {}, maxSeriesPerFamily: 9, nativeHistograms: true },
    ),
    defined({ native: { schema: 8 } }),
    defined({ native: { maxBuckets: 20 } }),
  ].map(({ native }) => native);
  const standard = { schema: 3, maxBuckets: 160 };
  expect(natives).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    standard,
    { ...standard, schema: 8 },
    { ...standard, maxBuckets: 20 },
  ]);
});

test.each([
  [
    { schema: 9 },
    'native.schema of histogram "wait_seconds": found 9; expected a whole number from -4 to 8.',
  ],
  [{ schema: -5 }, "found -5"],
  [{ schema: 1.5 }, "found 1.5"],
  [{ maxBuckets: 0 }, 'native.maxBuckets of histogram "wait_seconds": found 0; expected 1 or more.'],
  [{ maxBuckets: 0.5 }, "found 0.5"],
])("refuses %j", (native, message) => {
  expect(() => defined({ native })).toThrow(message);
});
