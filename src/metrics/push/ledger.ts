import type { LabelPair } from "./labels.js";
import type { LineName } from "./lines.js";

/** What is remembered of a series between pushes. */
export interface Entry {
  /** Unix time at which its value began to count from 0, milliseconds. */
  readonly startMs: number;
  /** True until the receiver has taken it once. */
  readonly isNew: boolean;
  readonly lines: readonly LineName[];
}

/** A series as a push finds it. */
export interface Sighting {
  readonly family: string;
  readonly labels: readonly LabelPair[];
  readonly lines: readonly LineName[];
  /** A number that only rises; a fall is a reset. Undefined for a gauge. */
  readonly progress: number | undefined;
}

/** A series that is no more. */
export interface Departure {
  readonly labels: readonly LabelPair[];
  readonly lines: readonly LineName[];
}

/** What one pusher has told its receiver: which series there are, since when they count, and which have gone. */
export interface Ledger {
  /** Begins a push at a Unix time. */
  begin(timeMs: number): void;
  /** Notes a series of this push. */
  note(sighting: Sighting): Entry;
  /** The series of a metric that could not be read are taken for what they were. */
  keep(family: string): void;
  /** The receiver took these. */
  confirm(entries: Iterable<Entry>): void;
  /** The series that were there before and are not in this push; all, once it is over. */
  departed(isOver?: boolean): Iterable<Departure & { forget(): void }>;
}

interface Record extends Entry {
  startMs: number;
  isNew: boolean;
  lines: readonly LineName[];
  progress: number | undefined;
  push: number;
}

/** Makes an empty ledger; `startMs` is when the process began to count, as Unix time. */
export function createLedger(startMs: number): Ledger {
  const records = new Map<string, Record>();
  let push = 0;
  // Records that belong to this push: where all do, nobody has departed, and the search is spared.
  let present = 0;
  let lastMs = startMs;
  let timeMs = startMs;

  function add(key: string, { lines, progress }: Sighting): Record {
    const record = { startMs: lastMs, isNew: true, lines, progress, push };
    records.set(key, record);
    present++;
    return record;
  }

  function meet(record: Record): void {
    if (record.push !== push) present++;
    record.push = push;
  }

  return {
    begin(now) {
      lastMs = timeMs;
      timeMs = now;
      push++;
      present = 0;
    },
    note(sighting) {
      const { family, labels, lines, progress } = sighting;
      const key = `${family} ${JSON.stringify(labels)}`;
      const record = records.get(key);
      if (record === undefined) return add(key, sighting);
      if (progress !== undefined && progress < (record.progress ?? 0)) record.startMs = lastMs;
      meet(record);
      return Object.assign(record, { progress, lines });
    },
    keep(family) {
      for (const [key, record] of records) if (key.startsWith(`${family} `)) meet(record);
    },
    confirm(entries) {
      for (const entry of entries as Iterable<Record>) entry.isNew = false;
    },
    *departed(isOver = false) {
      if (!isOver && present === records.size) return;
      for (const [key, { lines, push: seen, isNew }] of records) {
        if (!isOver && seen === push) continue;
        const labels = JSON.parse(key.slice(key.indexOf(" ") + 1)) as LabelPair[];
        const forget = (): void => void records.delete(key);
        if (isNew) forget();
        else yield { labels, lines, forget };
      }
    },
  };
}
