import { startThread, type Thread, type ThreadOptions } from "./transport-thread.js";

/** What is told of a transport that is kept running. */
export interface KeeperEvents {
  /** The transport can be sent the next batch. */
  onFree(): void;
  /**
   * It has ended, for this reason; the next is on its way unless the keeper was stopped. `hasClosed`: as it was told,
   * with all that it was sent.
   */
  onDown(error: unknown, hasClosed: boolean): void;
}

/** Keeps one transport running. */
export interface Keeper {
  /** Undefined between an end and the next start. */
  thread(): Thread | undefined;
  /** Starts no more of them. */
  stop(): void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Starts a transport, and again whenever it ends: after a second, then twice as long each time, a minute at most. */
export function keepRunning(options: ThreadOptions, events: KeeperEvents): Keeper {
  let thread: Thread | undefined;
  let isStopped = false;
  let startedMs = 0;
  let pauseMs = FIRST_PAUSE_MS;

  function start(): void {
    startedMs = Date.now();
    try {
      thread = startThread(options, { onTaken: events.onFree, onDown });
    } catch (error) {
      onDown(error, false);
    }
  }

  function onDown(error: unknown, hasClosed: boolean): void {
    thread = undefined;
    if (Date.now() - startedMs > LONGEST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
    setTimeout(again, pauseMs).unref();
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    events.onDown(error, hasClosed);
  }

  function again(): void {
    if (isStopped) return;
    start();
    events.onFree();
  }

  start();
  return {
    thread: () => thread,
    stop() {
      isStopped = true;
    },
  };
}
