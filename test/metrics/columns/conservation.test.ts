import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../family-fixture.js";

const OVERFLOW = "__overflow__";
const TTL_MS = 1000;

const who = fc.tuple(fc.nat(7), fc.nat(3));
const amount = fc.integer({ min: 0, max: 50 });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("record" as const), who, amount }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("hold" as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("use" as const), which: fc.nat(20), amount }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("scrape" as const), afterMs: fc.nat(900) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reset" as const) }) },
);
const caps = fc.record({
  maxSeriesPerFamily: fc.integer({ min: 1, max: 25 }),
  maxValuesPerLabel: fc.integer({ min: 1, max: 8 }),
  ttlMs: fc.constantFrom(0, TTL_MS),
});

interface Step {
  readonly do: "record" | "hold" | "use" | "scrape" | "remove" | "reset";
  readonly who?: [number, number];
  readonly amount?: number;
  readonly which?: number;
  readonly afterMs?: number;
}

interface Handle {
  add(value: number): void;
}

/** The series of one family and what each holds; the first scrape of two shows new ones as 0. */
type Series = Map<string, number>;

interface Subject {
  record(a: string | number, b: string, value: number): void;
  hold(a: string, b: string): Handle;
  remove(a: string, b: string): void;
  reset(): void;
  /** What a series holds, of the lines that begin with its name. */
  readonly line: string;
}

function counterOf({ metrics }: Fixture): Subject {
  const counter = metrics.counter({ name: "c_total", help: "h", labelNames: ["a", "b"] });
  return {
    record: (a, b, value) => counter.inc({ a, b }, value),
    hold(a, b) {
      const handle = counter.labels(a, b);
      return { add: (value) => handle.inc(value) };
    },
    remove: (a, b) => counter.remove(a, b),
    reset: () => counter.reset(),
    line: "c_total",
  };
}

function histogramOf({ metrics }: Fixture): Subject {
  const histogram = metrics.histogram({ name: "h", help: "h", labelNames: ["a", "b"], buckets: [5, 20] });
  return {
    record: (a, b, value) => histogram.observe({ a, b }, value),
    hold(a, b) {
      const handle = histogram.labels(a, b);
      return { add: (value) => handle.observe(value) };
    },
    remove: (a, b) => histogram.remove(a, b),
    reset: () => histogram.reset(),
    line: "h_sum",
  };
}

async function read(fixture: Fixture, line: string): Promise<Series> {
  await fixture.lines();
  const lines = (await fixture.lines()).filter((text) => text.startsWith(`${line}{`));
  return new Map(
    lines.map((text) => [text.slice(text.indexOf("{"), text.indexOf("} ") + 1), Number(text.split("} ")[1])]),
  );
}

const total = (numbers: Iterable<number>): number => [...numbers].reduce((sum, one) => sum + one, 0);
const keyOf = (a: string, b: string): string => `{a="${a}",b="${b}"}`;

/** Keeps the books: what was recorded, less what went with a series that was shown. */
function createBooks(fixture: Fixture, subject: Subject) {
  let shown: Series = new Map();
  let owed = 0;
  return {
    book: (value: number) => void (owed += value),
    async check(): Promise<Series> {
      const now = await read(fixture, subject.line);
      for (const [key, value] of shown) if (!now.has(key)) owed -= value;
      expect(total(now.values())).toBe(owed);
      shown = now;
      return now;
    },
    remove(key: string) {
      owed -= shown.get(key) ?? 0;
      shown.delete(key);
    },
    reset() {
      owed = 0;
      shown = new Map();
    },
  };
}

async function play(fixture: Fixture, subject: Subject, steps: readonly Step[]): Promise<Series> {
  const books = createBooks(fixture, subject);
  const held: Handle[] = [];
  for (const { do: action, who: [a, b] = [0, 0], amount: value = 0, which = 0, afterMs = 0 } of steps) {
    const labels = [`a${a}`, `b${b}`] as const;
    if (action === "record") {
      books.book(value);
      subject.record(...labels, value);
    } else if (action === "hold") {
      held.push(subject.hold(...labels));
    } else if (action === "use" && held.length > 0) {
      books.book(value);
      held[which % held.length]?.add(value);
    } else if (action === "scrape") {
      fixture.clock.nowMs += afterMs;
      await books.check();
    } else if (action === "remove") {
      await books.check();
      subject.remove(...labels);
      books.remove(keyOf(...labels));
    } else if (action === "reset") {
      subject.reset();
      books.reset();
    }
  }
  return books.check();
}

describe.each([
  ["counter", counterOf],
  ["histogram", histogramOf],
] as const)("whatever comes, goes, expires, is capped or held, a %s", (_, subjectOf) => {
  it("shows in all what was recorded, in no more series than its cap, a tenth and one", async () => {
    await fc.assert(
      fc.asyncProperty(caps, fc.array(step, { maxLength: 150 }), async (settings, steps) => {
        const fixture = createFixture(settings);
        const subject = subjectOf(fixture);
        await play(fixture, subject, steps);
        const [{ series = 0, values = {} } = {}] = fixture.metrics.cardinality();
        const { maxSeriesPerFamily: max, maxValuesPerLabel } = settings;
        expect(series).toBeLessThanOrEqual(max + Math.ceil(max / 10) + 1);
        expect(Math.max(...Object.values(values))).toBeLessThanOrEqual(maxValuesPerLabel);
        expect(fixture.told.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps each value of the other label true when one has too many values", async () => {
    const records = fc.array(fc.tuple(fc.nat(40), fc.nat(3), amount), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(records, fc.boolean(), async (given, byHandle) => {
        const fixture = createFixture({ maxValuesPerLabel: 5, ttlMs: TTL_MS });
        const subject = subjectOf(fixture);
        const expected = new Map<string, number>();
        for (const [a, b, value] of given) {
          if (byHandle) subject.hold(`a${a}`, `b${b}`).add(value);
          else subject.record(a, `b${b}`, value);
          expected.set(`b${b}`, (expected.get(`b${b}`) ?? 0) + value);
        }
        const sums = new Map<string, number>();
        for (const [key, value] of await read(fixture, subject.line)) {
          const b = /b="(.*?)"/.exec(key)?.[1] ?? "";
          sums.set(b, (sums.get(b) ?? 0) + value);
        }
        expect(sums).toEqual(expected);
      }),
    );
  });

  it("keeps what the caps took in for as long as it is no more than the reserve, however long nothing comes", async () => {
    const fixture = createFixture({ maxSeriesPerFamily: 20, maxValuesPerLabel: 3, ttlMs: TTL_MS });
    const subject = subjectOf(fixture);
    for (let i = 0; i < 30; i++) subject.record(`a${i}`, `b${i % 2}`, i);
    await read(fixture, subject.line);
    fixture.clock.nowMs += 10 * TTL_MS;
    const kept = await read(fixture, subject.line);
    expect([...kept.keys()]).toEqual([keyOf(OVERFLOW, "b1"), keyOf(OVERFLOW, "b0")]);
  });
});
