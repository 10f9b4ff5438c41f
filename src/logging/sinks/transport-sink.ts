import { onProcessExit } from "../../process-exit.js";
import type { LossReport } from "./losses.js";
import { createQueue } from "./queue.js";
import { onEndingSignal } from "./signals.js";
import type { Sink } from "./sink.js";
import { type Keeper, keepRunning } from "./transport-keeper.js";
import type { Thread, ThreadOptions } from "./transport-thread.js";

const DELAY_MS = 100;
const CLOSE_MS = 2000;
const SLOW = new Error(`the transport did not close within ${CLOSE_MS} ms; what it held is lost`);

/**
 * A sink that hands lines to a transport, 100 ms after the first line or when there is a batch, one batch at a time: what
 * waits is bounded, and a transport that hangs costs no more than that. One that ends is started again; the batch that it
 * had is lost. At exit, before a signal ends the process, and when closed it has two seconds to write what there is.
 */
export class TransportSink implements Sink {
  readonly isTty = false;
  readonly readsJson = true;
  readonly #lose: LossReport;
  readonly #queue = createQueue();
  readonly #keeper: Keeper;
  readonly #forget: readonly (() => void)[];
  /** Batches that were sent and not yet taken, by their lines. */
  #underWay: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The transport was told to close. */
  #isEnding = false;
  #isClosed = false;
  #onEnded: (() => void) | undefined;

  constructor(options: ThreadOptions, lose: LossReport) {
    this.#lose = lose;
    const endAndWait = (): void => this.#endAndWait();
    this.#forget = [onProcessExit(endAndWait), onEndingSignal(endAndWait)];
    this.#keeper = keepRunning(options, {
      onFree: () => {
        this.#underWay.shift();
        this.flushSync();
      },
      onDown: (error, hasClosed) => this.#onDown(error, hasClosed),
    });
  }

  write(line: string, level?: number): void {
    if (this.#isClosed) return this.#lose("closed", 1);
    if (!this.#queue.add(line, level)) return this.#lose("buffer_full", 1);
    if (this.#queue.hasBatch()) this.flushSync();
    else this.#timer ??= setTimeout(() => this.flushSync(), DELAY_MS).unref();
  }

  flushSync(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#underWay.length === 0 && !this.#isEnding) this.#sendNext();
  }

  reopen(): void {
    // A transport opens its files itself.
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const undo of this.#forget) undo();
    this.#keeper.stop();
    await this.#ended();
    this.#loseRest();
  }

  #sendNext(): void {
    const thread = this.#keeper.thread();
    if (thread === undefined || !this.#queue.hasAny()) return;
    const batch = this.#queue.take();
    this.#underWay.push(batch.length);
    thread.send(batch);
  }

  // That it took its last batch may not have been heard before it ended.
  #onDown(error: unknown, hasClosed: boolean): void {
    const lines = hasClosed ? 0 : this.#linesUnderWay();
    if (!this.#isEnding || lines > 0) this.#lose("worker_down", lines, error);
    this.#underWay = [];
    this.#isEnding = false;
    this.#onEnded?.();
  }

  #ended(): Promise<void> {
    return new Promise((resolve) => {
      const thread = this.#end();
      if (thread === undefined) return resolve();
      const deadline = setTimeout(() => this.#giveUp(thread), CLOSE_MS);
      this.#onEnded = () => {
        clearTimeout(deadline);
        resolve();
      };
    });
  }

  // No loop is left to come back to, or none that is sure to.
  #endAndWait(): void {
    const thread = this.#end();
    if (thread === undefined) return this.#loseRest();
    if (!thread.waitForEnd(CLOSE_MS)) this.#giveUp(thread);
    this.#underWay = [];
  }

  #giveUp(thread: Thread): void {
    this.#lose("closed", this.#linesUnderWay(), SLOW);
    this.#underWay = [];
    thread.terminate();
  }

  #linesUnderWay(): number {
    return this.#underWay.reduce((sum, lines) => sum + lines, 0);
  }

  #end(): Thread | undefined {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const thread = this.#keeper.thread();
    if (thread === undefined || this.#isEnding) return thread;
    while (this.#queue.hasAny()) this.#sendNext();
    this.#isEnding = true;
    thread.end();
    return thread;
  }

  #loseRest(): void {
    let lines = 0;
    while (this.#queue.hasAny()) lines += this.#queue.take().length;
    if (lines > 0) this.#lose("worker_down", lines);
  }
}
