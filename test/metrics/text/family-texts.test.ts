import { describe, expect, it } from "vitest";
import { createCounter } from "../../../src/metrics/families/counter.js";
import type { Declaration } from "../../../src/metrics/families/declaration.js";
import { define } from "../../../src/metrics/families/define.js";
import { createMisuse } from "../../../src/metrics/families/misuse.js";
import { createFamilyTexts } from "../../../src/metrics/text/family-texts.js";
import { Page } from "../../../src/metrics/text/page.js";

function declare(name: string): Declaration {
  const settings = { prefix: "", labels: {}, maxSeriesPerFamily: 10 };
  const definition = define("counter", { name, help: "h" }, settings);
  const collect = (): Promise<void> => Promise.resolve();
  const made = createCounter({
    definition,
    collect,
    now: () => 0,
    misuse: createMisuse(name, () => undefined),
  });
  return { ...made, definition, collect, callbacks: new Set(), isForeign: false };
}

const MINUTE_MS = 60_000;

/** Timers of a clock that is moved by hand. */
function createTimers(clock: { nowMs: number }) {
  let timers: { atMs: number; run: () => void }[] = [];
  return {
    get waiting() {
      return timers.length;
    },
    start(run: () => void, ms: number): () => void {
      const timer = { run, atMs: clock.nowMs + ms };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms: number): void {
      clock.nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= clock.nowMs);
      timers = timers.filter((timer) => !due.includes(timer));
      for (const { run } of due) run();
    },
  };
}

describe("the texts of families", () => {
  it("are pages as long as there is room, and strings beyond", () => {
    const texts = createFamilyTexts({ pagesBytes: 20 });
    const shown = [declare("a_total"), declare("b_total")].map((one) => texts.of(one).show(0));
    expect(shown).toEqual([expect.any(Page), "b_total 0\n"]);
  });

  it("give their room back when their family is gone", () => {
    const texts = createFamilyTexts({ pagesBytes: 20 });
    texts.of(declare("a_total")).show(0);
    texts.keepOnly(new Set());
    expect(texts.of(declare("b_total")).show(0)).toBeInstanceOf(Page);
  });

  it("keep no page after they were let go, though a scrape under way still asks for them", () => {
    const texts = createFamilyTexts({ pagesBytes: 20 });
    const text = texts.of(declare("a_total"));
    texts.release();
    expect(text.show(0)).toBe("a_total 0\n");
    expect(texts.of(declare("b_total")).show(0)).toBeInstanceOf(Page);
  });

  it("are let go five minutes after the last was asked for, and made again when one is", () => {
    const clock = { nowMs: 0 };
    const timers = createTimers(clock);
    const texts = createFamilyTexts({ pagesBytes: 20, now: () => clock.nowMs, startTimer: timers.start });
    const family = declare("a_total");
    const first = texts.of(family);
    first.show(0);
    timers.advance(4 * MINUTE_MS);
    expect(texts.of(family)).toBe(first);
    timers.advance(4 * MINUTE_MS);
    expect(texts.of(family)).toBe(first);
    expect(timers.waiting).toBe(1);
    timers.advance(5 * MINUTE_MS);
    expect(timers.waiting).toBe(0);
    expect(texts.of(declare("b_total")).show(0)).toBeInstanceOf(Page);
    expect(texts.of(family)).not.toBe(first);
  });

  it("leave no timer behind when they are let go", () => {
    const timers = createTimers({ nowMs: 0 });
    const texts = createFamilyTexts({ pagesBytes: 20, now: () => 0, startTimer: timers.start });
    texts.of(declare("a_total"));
    texts.release();
    expect(timers.waiting).toBe(0);
    texts.of(declare("a_total"));
    expect(timers.waiting).toBe(1);
  });

  it("take no room for a block whose series are all gone", () => {
    const texts = createFamilyTexts({ pagesBytes: 20 });
    const family = declare("a_total");
    const text = texts.of(family);
    expect(text.show(0)).toBeInstanceOf(Page);
    family.rows.clear();
    expect(text.show(0)).toBe("");
    expect(texts.of(declare("b_total")).show(0)).toBeInstanceOf(Page);
  });
});
