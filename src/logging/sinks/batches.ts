import { setTimeout as sleep } from "node:timers/promises";
import { onProcessExit } from "../../process-exit.js";
import type { LossReport } from "./losses.js";
import { type Answer, openPost, type PostOptions } from "./post.js";
import { createQueue, type Entry, type Queue } from "./queue.js";
import type { Sink } from "./sink.js";

/** What a sink that sends batches is made of. */
export interface BatchOptions extends PostOptions {
  readonly lose: LossReport;
  /** Makes the body of one request. */
  encode(entries: readonly Entry[]): string;
  /** Lines of a batch that was taken which were refused all the same, by what the receiver said. */
  refused?(body: string): number;
  /** Trace flags of the work that writes a line, where the receiver wants them. */
  traceFlags?: (() => number | undefined) | undefined;
  /** Runs work outside of any request's context, neither counted nor traced. */
  apart<T>(work: () => T): T;
}

const DELAY_MS = 1000;
const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const CLOSE_MS = 1000;

/**
 * A sink that sends lines in batches, a second after the first line or when one is full, one request at a time. A batch
 * that met 429, 5xx or no answer is tried again with growing pauses, four times in all, or once while nothing gets
 * through; then it is dropped. What waits is bounded, newer lines are dropped. Closing takes a second at most.
 */
export function createBatches(options: BatchOptions): Sink {
  const { lose, apart } = options;
  const queue = createQueue();
  const courier = createCourier(options);
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let isClosed = false;

  function write(line: string, level?: number): void {
    if (isClosed) return lose("closed", 1);
    if (!queue.add(line, level, options.traceFlags?.())) return lose("buffer_full", 1);
    if (queue.hasBatch()) void send();
    else timer ??= setTimeout(() => void send(), DELAY_MS).unref();
  }

  function send(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sending ??= apart(drain).finally(() => {
      sending = undefined;
    });
    return sending;
  }

  async function drain(): Promise<void> {
    for (let batch = queue.take(); batch.length > 0; batch = queue.take()) await courier.deliver(batch);
  }

  // A process that has run out of work waits for its last lines, for one try.
  function onBeforeExit(): void {
    if (queue.hasAny()) courier.hurry();
    if (queue.hasAny()) void send();
  }

  process.on("beforeExit", onBeforeExit);
  const forget = onProcessExit(() => loseRest(queue, courier, options));
  return {
    isTty: false,
    readsJson: true,
    write,
    flushSync: () => void send(),
    reopen: () => undefined,
    async close() {
      if (isClosed) return;
      isClosed = true;
      process.removeListener("beforeExit", onBeforeExit);
      courier.hurry();
      const deadline = setTimeout(courier.stop, CLOSE_MS);
      await send().then(send);
      clearTimeout(deadline);
      courier.stop();
      forget();
    },
  };
}

// Nothing can be sent any more: what is left is told at least.
function loseRest(queue: Queue, courier: Courier, { url, lose }: BatchOptions): void {
  let lines = courier.underWay();
  while (queue.hasAny()) lines += queue.take().length;
  if (lines > 0) lose("closed", lines, new Error(`${url.origin}: the process ended before they were sent`));
}

interface Courier {
  /** Lines of the batch that is being delivered. */
  underWay(): number;
  /** Sends a batch until it was taken, refused or given up. Never rejects. */
  deliver(batch: readonly Entry[]): Promise<void>;
  /** From now on one try each, and no pauses. */
  hurry(): void;
  /** Cuts what is under way; the rest is lost. */
  stop(): void;
}

function createCourier(options: BatchOptions): Courier {
  const { lose, encode, url } = options;
  const post = openPost(options);
  const stopped = new AbortController();
  const hurried = new AbortController();
  let failures = 0;
  let underWay = 0;

  async function deliver(batch: readonly Entry[]): Promise<void> {
    underWay = batch.length;
    await tryAll(batch);
    underWay = 0;
  }

  async function tryAll(batch: readonly Entry[]): Promise<void> {
    const body = encode(batch);
    const most = failures > 0 ? 1 : MOST_TRIES;
    for (let tries = 1; ; tries++) {
      const isLast = hurried.signal.aborted;
      const answer = await post.send(body, { signal: stopped.signal, isLast });
      if (answer.kind !== "retry") return settle(batch, answer);
      failures++;
      await pause();
      if (tries >= most || isLast || stopped.signal.aborted) return giveUp(batch, answer);
    }
  }

  function settle(batch: readonly Entry[], answer: Answer): void {
    failures = 0;
    const lines = answer.kind === "rejected" ? batch.length : (options.refused?.(answer.body) ?? 0);
    if (lines > 0) lose("rejected", lines, new Error(`${url.origin}: ${answer.reason}`));
  }

  function giveUp(batch: readonly Entry[], { reason }: Answer): void {
    const why = stopped.signal.aborted ? "closed" : "unreachable";
    lose(why, batch.length, new Error(`${url.origin}: ${reason}`));
  }

  async function pause(): Promise<void> {
    const ceilingMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    const options = { ref: false, signal: hurried.signal };
    await sleep(ceilingMs * (0.5 + Math.random() / 2), undefined, options).catch(() => undefined);
  }

  return {
    underWay: () => underWay,
    deliver,
    hurry: () => hurried.abort(),
    stop() {
      stopped.abort();
      post.close();
    },
  };
}
