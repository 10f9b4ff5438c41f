import type { Writable } from "node:stream";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { PipeOptions } from "../types.js";
import { type Asks, createAsks } from "./hub-asks.js";
import { acceptConnections, type ConnectionParts } from "./hub-connections.js";
import type { Teller } from "./peer-teller.js";

/** The process that asks all others of its group, and answers for them. */
export interface Hub {
  /** Asks everybody, then writes the sum. */
  scrape(writable: Writable, options: PipeOptions): Promise<void>;
  /** Takes nothing more of anybody; resolves when another could take over. */
  stop(): Promise<void>;
  /** Listens no longer, and ends every connection. */
  close(): void;
}

/** How many of the others a scrape heard. */
export interface PeerCounts {
  readonly answered: number;
  /** Shown with their last known values. */
  readonly silent: number;
}

/** What a hub is made from. */
export interface HubParts extends ConnectionParts {
  readonly self: string;
  /** Tells of the hub's own families. */
  readonly teller: Teller;
  /** Longest wait for answers, milliseconds. */
  readonly timeoutMs: number;
  /** Writes the sum. */
  expose(writable: Writable, options: PipeOptions): Promise<void>;
  /** Told before the hub's own families are read. */
  onCounts(counts: PeerCounts): void;
  /** Called from time to time. */
  onReview(): void;
}

/** How often the others are asked without a scrape: a process that is killed loses no more than that. */
const REVIEW_MS = 5_000;

/** Makes the hub behind a server that listens. Nothing of it keeps the process alive. */
export function createHub(parts: HubParts): Hub {
  const { sources, timeoutMs } = parts;
  void sources.inherit();
  const own = createOwnAsks(parts);
  const connections = acceptConnections(parts, scrape);
  const timer = setInterval(() => void review(), REVIEW_MS).unref();

  async function collect(isQuiet: boolean): Promise<void> {
    // Whoever connected, and said so, before this scrape began is heard: a turn to accept, a turn to read.
    await setImmediate();
    await setImmediate();
    const asked = connections.links().map((link) => link.ask(isQuiet));
    const answered = await settled(asked, timeoutMs);
    await settled([sources.review()], timeoutMs);
    parts.onCounts({ answered, silent: asked.length - answered + sources.absent() });
    await settled([own.ask(isQuiet)], timeoutMs);
  }

  async function scrape(writable: Writable, options: PipeOptions): Promise<void> {
    await collect(false);
    await parts.expose(writable, options);
  }

  async function review(): Promise<void> {
    parts.onReview();
    await collect(true);
  }

  return {
    scrape,
    stop: sources.stop,
    close() {
      clearInterval(timer);
      void sources.stop();
      connections.close();
    },
  };
}

// The hub's own families go the way of all others: into the log, then into the sum.
function createOwnAsks({ self, sources, teller, report }: HubParts): Asks {
  let isFirst = true;
  const asks = createAsks((isQuiet) => void tell(isQuiet).catch(report).then(asks.answered));

  async function tell(isQuiet: boolean): Promise<void> {
    const isWhole = isFirst || sources.wantsWhole(self);
    isFirst = false;
    const payload = await teller.tell({ isWhole, isQuiet });
    await sources.take(self, { payload, isWhole });
  }

  return asks;
}

/** How many of the promises resolve within `timeoutMs`; resolves as soon as all have. */
async function settled(promises: readonly Promise<void>[], timeoutMs: number): Promise<number> {
  let count = 0;
  const done = new AbortController();
  const all = Promise.all(promises.map((promise) => promise.then(() => void count++)));
  const late = setTimeout(timeoutMs, undefined, { ref: false, signal: done.signal }).catch(() => undefined);
  await Promise.race([all, late]);
  done.abort();
  return count;
}
