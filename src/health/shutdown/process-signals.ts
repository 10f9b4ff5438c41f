import { constants } from "node:os";
import { isMainThread } from "node:worker_threads";

/** What happens on a signal. */
export interface SignalHandlers {
  /** The first, or another within a second of it: npm and Ctrl-C deliver twice. */
  first(signal: NodeJS.Signals): void;
  /** Another a second later or more: somebody is out of patience. */
  again(signal: NodeJS.Signals): void;
}

const AGAIN_MS = 1000;

/** Takes signals over; returns how to leave them to Node again. In a worker thread there are none. */
export function takeSignals(
  signals: readonly NodeJS.Signals[],
  { first, again }: SignalHandlers,
): () => void {
  if (!isMainThread) return () => undefined;
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt >= AGAIN_MS) again(signal);
    else first(signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/** The exit code by which shells tell a signal. */
export function codeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Begins a shutdown on an uncaught exception; returns the end of it. */
export function takeExceptions(handle: (error: unknown, origin: string) => void): () => void {
  process.on("uncaughtException", handle);
  return () => void process.off("uncaughtException", handle);
}
