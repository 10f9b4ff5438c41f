import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { type Group, type GroupParts, joinGroup } from "../../../src/metrics/processes/group.js";
import type { Fleet, Journal, Update, View } from "../../../src/metrics/processes/types.js";

/** What the fakes tell: counters by name. */
export type Counts = Record<string, number>;

interface Told {
  readonly isWhole: boolean;
  readonly counts: Counts;
}

/** A journal over plain numbers; an answer can be held up. */
export interface FakeJournal extends Journal {
  readonly counts: Counts;
  /** How often everything was told, and how often the callbacks ran. */
  readonly calls: { whole: number; collected: number };
  /** Awaited before each answer with callbacks. */
  hold: Promise<void> | undefined;
}

export function fakeJournal(counts: Counts = {}): FakeJournal {
  let told: Counts | undefined;
  const calls = { whole: 0, collected: 0 };
  function now(): Update {
    const before = told;
    const changed = Object.entries(counts).filter(([name, value]) => before?.[name] !== value);
    if (before === undefined) calls.whole++;
    told = { ...counts };
    const update: Told = { isWhole: before === undefined, counts: Object.fromEntries(changed) };
    return update as unknown as Update;
  }
  return {
    counts,
    calls,
    hold: undefined,
    now,
    async next() {
      calls.collected++;
      await this.hold;
      return now();
    },
    restart() {
      told = undefined;
    },
  };
}

export interface FakeFleet extends Fleet {
  sums(): Counts;
}

/** Adds up; whatever is told of an unknown source, or of one that is retired, must be whole. */
export function fakeFleet(): FakeFleet {
  const sources = new Map<string, Counts>();
  const retired: Counts = {};
  const add = (sums: Counts, counts: Counts): void => {
    for (const [name, value] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + value;
  };
  return {
    view: {} as View,
    apply(source, update) {
      const { isWhole, counts } = update as unknown as Told;
      if (typeof counts !== "object") throw new TypeError("no update");
      const before = isWhole ? {} : sources.get(source);
      if (before === undefined) throw new Error(`only changes of ${source} are known`);
      sources.set(source, { ...before, ...counts });
    },
    retire(source) {
      add(retired, sources.get(source) ?? {});
      sources.delete(source);
    },
    legacy: () => ({ isWhole: true, counts: { ...retired } }) as unknown as Update,
    sums() {
      const sums = { ...retired };
      for (const counts of sources.values()) add(sums, counts);
      return sums;
    },
  };
}

/** A folder for temporary files that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tt-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A stream that gathers what is written. */
export function gather(): Writable & { text(): string } {
  const chunks: Buffer[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return Object.assign(out, { text: () => Buffer.concat(chunks).toString() });
}

/** A member of a group in this process, as if it were one of its own. */
export interface FakeMember {
  readonly group: Group;
  readonly journal: FakeJournal;
  readonly faults: unknown[];
  /** What the hub's gauges were set to. */
  readonly heard: (object | undefined)[];
  /** Scrapes; undefined when the group cannot answer. */
  scrape(): Promise<Counts | undefined>;
}

export function fakeMember(parts: Partial<GroupParts> & Pick<GroupParts, "temporary">): FakeMember {
  const journal = fakeJournal({ jobs: 0 });
  const faults: unknown[] = [];
  const heard: (object | undefined)[] = [];
  const group = joinGroup({
    key: { folder: "n-test" },
    timeoutMs: 2_000,
    journal,
    onCounts: (counts) => heard.push(counts),
    report: (error) => faults.push(error),
    createSum() {
      const fleet = fakeFleet();
      const expose = async (writable: Writable): Promise<void> =>
        void writable.end(JSON.stringify(fleet.sums()));
      return { fleet, expose, release: () => undefined };
    },
    ...parts,
  });
  onTestFinished(() => group.close());
  async function scrape(): Promise<Counts | undefined> {
    const out = gather();
    const isDone = await group.scrape(out, { format: "text" });
    if (!isDone) return undefined;
    if (!out.writableFinished) await new Promise((resolve) => out.once("finish", resolve));
    return JSON.parse(out.text()) as Counts;
  }
  return { group, journal, faults, heard, scrape };
}
