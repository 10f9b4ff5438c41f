import { deserialize } from "node:v8";
import { isRunning } from "./group-source.js";
import type { HubLog, Told } from "./hub-log.js";
import type { Fleet, Update } from "./types.js";

/** The log and the sum of a hub, kept alike. Its steps must follow one another. */
export interface HubLedger {
  /** Reads what the hub before knew, but for what `self` told; answers the sources that are still to be heard of. */
  inherit(self: string): Promise<string[]>;
  /** Keeps, then adds, what a source told. */
  take(source: string, told: Told): Promise<void>;
  /** Retires a source that left a last word, or whose process is gone; true when it did. */
  retire(source: string): Promise<boolean>;
  wantsWhole(source: string): boolean;
}

/** What a ledger is kept in. */
export interface LedgerParts {
  readonly fleet: Fleet;
  readonly log: HubLog;
  /** Told about faults. */
  report(error: unknown): void;
}

const ESTATE = "estate";
/** A source that left never speaks again, but for what is under way just then. */
const REMEMBERED = 1_000;

/** Makes the ledger of one hub. */
export function createHubLedger({ fleet, log, report }: LedgerParts): HubLedger {
  const unsound = new Set<string>();
  const gone = new Set<string>();

  function apply(source: string, payload: Buffer): void {
    try {
      fleet.apply(source, deserialize(payload) as Update);
    } catch (error) {
      unsound.add(source);
      report(error);
    }
  }

  async function take(source: string, told: Told): Promise<void> {
    // What it left was the last word: an answer that comes after it would count twice.
    if (gone.has(source)) return;
    // A change to what is not known means nothing.
    if (unsound.has(source) && !told.isWhole) return;
    unsound.delete(source);
    // Written first: what was shown once must survive the hub.
    await log.keep(source, told).catch(report);
    apply(source, told.payload);
  }

  async function retire(source: string): Promise<boolean> {
    const words = await log.lastWords(source);
    if (words === undefined && isRunning(source)) return false;
    if (words !== undefined) apply(source, words);
    fleet.retire(source);
    unsound.delete(source);
    remember(gone, source);
    await log.bury(source, fleet.legacy());
    return true;
  }

  async function inherit(self: string): Promise<string[]> {
    const estate = await log.estate();
    if (estate !== undefined) fleet.apply(ESTATE, estate.update as Update);
    if (estate !== undefined) fleet.retire(ESTATE);
    const missing: string[] = [];
    for (const source of await log.sources()) {
      if (estate?.buried.includes(source)) await log.bury(source, fleet.legacy());
      else if (source !== self && !(await restore(source))) missing.push(source);
    }
    return missing;
  }

  async function restore(source: string): Promise<boolean> {
    for (const { payload } of await log.read(source)) apply(source, payload);
    return retire(source);
  }

  return {
    inherit,
    take,
    retire,

    wantsWhole: (source) => unsound.has(source) || log.wantsWhole(source),
  };
}

function remember(gone: Set<string>, source: string): void {
  gone.add(source);
  for (const oldest of gone) if (gone.size > REMEMBERED) gone.delete(oldest);
}
