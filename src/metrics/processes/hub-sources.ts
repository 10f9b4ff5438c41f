import { createHubLedger, type LedgerParts } from "./hub-ledger.js";
import type { Told } from "./hub-log.js";

/** What the hub does with what it is told; one thing after the other, so that log and sum always agree. */
export interface HubSources {
  /** Takes the work over from the hub before. Resolves when the sum is as it was. */
  inherit(): Promise<void>;
  /** Keeps, then adds, what a source told. Resolves when both are done. */
  take(source: string, told: Told): Promise<void>;
  /** Whether the source should tell everything. */
  wantsWhole(source: string): boolean;
  /** The source is connected. */
  arrive(source: string): void;
  /** The source's connection ended. Its counters stay; its gauges go as soon as its process is gone. */
  depart(source: string): Promise<void>;
  /** Looks for processes that went without a word, and for words of those that never said who they are. */
  review(): Promise<void>;
  /** How many sources count with their last known values and are not connected. */
  absent(): number;
  /** Takes nothing more. Resolves when what was begun is done, so that another may take over. */
  stop(): Promise<void>;
}

/** What the sources of a hub are kept with. */
export interface HubSourcesParts extends LedgerParts {
  /** The hub's own source. */
  readonly self: string;
  /** True when nobody is left of those whom the log tells of, and the group begins anew. */
  readonly isAnew: boolean;
}

/** A killed process answers signals until its parent has taken note of its end. */
const REAPED_MS = 100;

/** Makes the keeper of a hub's sources. Nothing it returns rejects. */
export function createHubSources(parts: HubSourcesParts): HubSources {
  const ledger = createHubLedger(parts);
  const present = new Set<string>();
  const absent = new Set<string>();
  let last = Promise.resolve();
  let isStopped = false;

  function inTurn(run: () => Promise<unknown>): Promise<void> {
    if (!isStopped) last = last.then(run).then(() => undefined, parts.report);
    return last;
  }

  async function settle(source: string): Promise<void> {
    if (absent.has(source) && (await ledger.retire(source))) absent.delete(source);
  }

  async function review(): Promise<void> {
    for (const source of absent) await settle(source);
    // Also those that never had the time to say who they are.
    for (const source of await parts.log.sources("last")) await ledger.retire(source);
  }

  async function inherit(): Promise<void> {
    if (parts.isAnew) await parts.log.clear();
    const missing = await ledger.inherit(parts.self);
    for (const source of missing) if (!present.has(source)) absent.add(source);
  }

  return {
    inherit: () => inTurn(inherit),
    take: (source, told) => inTurn(() => ledger.take(source, told)),
    wantsWhole: ledger.wantsWhole,
    arrive(source) {
      present.add(source);
      absent.delete(source);
    },
    depart(source) {
      present.delete(source);
      absent.add(source);
      setTimeout(() => void inTurn(review), REAPED_MS).unref();
      return inTurn(() => settle(source));
    },
    review: () => inTurn(review),
    absent: () => absent.size,
    stop() {
      isStopped = true;
      return last;
    },
  };
}
