import { setTimeout as sleep } from "node:timers/promises";
import { onProcessExit } from "../../process-exit.js";
import type { LossReport } from "./losses.js";
import type { Outlet } from "./outlets.js";
import { onEndingSignal } from "./signals.js";
import type { Sink } from "./sink.js";

const FLUSH_CHARS = 16_384;
const FLUSH_MS = 100;
const RETRY_MS = 10;
const MAX_PENDING_CHARS = 8 * 1024 * 1024;
const MAX_WAIT_MS = 2000;
const WAIT_MS = 5;
const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/**
 * A buffered sink: hands on at 16 k characters or after 100 ms, at exit, and before a signal ends the process. Twice
 * as fast as pino's own, which measures the whole buffer at every line. A pipe that is full for the moment is tried
 * again later rather than waited for; past 8 M characters new lines are dropped.
 */
export class BufferedSink implements Sink {
  readonly isTty: boolean;
  readonly #outlet: Outlet;
  readonly #lose: LossReport;
  readonly #forget: readonly (() => void)[];
  #pending = "";
  /** Bytes that a full pipe did not take. */
  #rest: Buffer = NOTHING;
  #timer: NodeJS.Timeout | undefined;
  /** The last write broke off inside a line. */
  #isTorn = false;
  #isClosed = false;

  constructor(outlet: Outlet, lose: LossReport) {
    this.#outlet = outlet;
    this.#lose = lose;
    this.isTty = outlet.isTty;
    const flush = (): void => this.#flushAndWait();
    this.#forget = this.isTty ? [] : [onProcessExit(flush), onEndingSignal(flush)];
  }

  write(line: string): void {
    if (this.#isClosed && this.#outlet.isOwned) return this.#lose("closed", 1);
    if (this.#pending.length + this.#rest.length > MAX_PENDING_CHARS) return this.#lose("buffer_full", 1);
    this.#pending += line;
    if (this.#rest.length > 0) return;
    if (this.isTty || this.#isClosed || this.#pending.length >= FLUSH_CHARS) this.flushSync();
    else this.#arm(FLUSH_MS);
  }

  flushSync(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = this.#take();
    let done = 0;
    try {
      while (done < bytes.length) done += this.#outlet.write(bytes, done);
      if (done > 0) this.#isTorn = false;
    } catch (error) {
      this.#keepOrLose(bytes.subarray(done), done > 0 ? bytes[done - 1] !== NEWLINE : this.#isTorn, error);
    }
  }

  reopen(): void {
    if (this.#isClosed) return;
    this.flushSync();
    this.#attempt(() => this.#outlet.reopen());
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.flushSync();
    for (let waitedMs = 0; this.#rest.length > 0 && waitedMs < MAX_WAIT_MS; waitedMs += RETRY_MS) {
      await sleep(RETRY_MS);
      this.flushSync();
    }
    clearTimeout(this.#timer);
    for (const forget of this.#forget) forget();
    if (this.#rest.length > 0) this.#lose("closed", countLines(this.#take()));
    this.#attempt(() => this.#outlet.close());
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#lose("write_failed", 0, error);
    }
  }

  #take(): Buffer {
    const text =
      this.#isTorn && this.#rest.length === 0 && this.#pending !== "" ? `\n${this.#pending}` : this.#pending;
    const bytes =
      this.#rest.length === 0 ? Buffer.from(text) : Buffer.concat([this.#rest, Buffer.from(text)]);
    this.#pending = "";
    this.#rest = NOTHING;
    return bytes;
  }

  #keepOrLose(left: Buffer, isTorn: boolean, error: unknown): void {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") {
      this.#rest = left;
      this.#arm(RETRY_MS);
      return;
    }
    this.#isTorn = isTorn;
    this.#lose("write_failed", countLines(left), error);
  }

  #arm(delayMs: number): void {
    this.#timer ??= setTimeout(() => this.flushSync(), delayMs).unref();
  }

  /** No loop is left to come back to, so a full pipe is waited for, two seconds at most. */
  #flushAndWait(): void {
    this.flushSync();
    for (let waitedMs = 0; this.#rest.length > 0 && waitedMs < MAX_WAIT_MS; waitedMs += WAIT_MS) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
      this.flushSync();
    }
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (const byte of bytes) if (byte === NEWLINE) lines++;
  return lines;
}
