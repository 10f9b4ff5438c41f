import { isMainThread } from "node:worker_threads";

type Run = () => void;

/** What runs on a signal, for all instances and copies of the package: a listener each would trip Node's leak warning. */
interface Watch {
  readonly runs: Set<Run>;
  readonly listener: Run;
}

const WATCHES = Symbol.for("telltale.signals.1");
const ENDING = ["SIGTERM", "SIGINT"] as const;

/**
 * Runs `run` when the process is told to hang up; answers how to undo it. While anyone waits for it the signal no
 * longer ends the process.
 */
export function onHangUp(run: Run): Run {
  return watch("SIGHUP", run, () => undefined);
}

/**
 * Runs `run` before SIGTERM or SIGINT does what it would do without us: end the process, or call the host's own
 * listeners. Answers how to undo it.
 */
export function onEndingSignal(run: Run): Run {
  const undo = ENDING.map((signal) => watch(signal, run, raiseAgain));
  return () => {
    for (const one of undo) one();
  };
}

function watch(
  signal: NodeJS.Signals,
  run: Run,
  after: (signal: NodeJS.Signals, listener: Run) => void,
): Run {
  // Node delivers signals to the main thread only.
  if (!isMainThread) return () => undefined;
  const watches = watchesOf();
  const known = watches.get(signal) ?? start(signal, after);
  watches.set(signal, known);
  known.runs.add(run);
  return () => {
    known.runs.delete(run);
    if (known.runs.size > 0 || watches.get(signal) !== known) return;
    watches.delete(signal);
    process.removeListener(signal, known.listener);
  };
}

function start(signal: NodeJS.Signals, after: (signal: NodeJS.Signals, listener: Run) => void): Watch {
  const runs = new Set<Run>();
  const listener = (): void => {
    for (const run of runs) run();
    after(signal, listener);
  };
  // First in line, so that the host's listeners, which may exit, find nothing buffered.
  process.prependListener(signal, listener);
  return { runs, listener };
}

/**
 * Steps aside while the signal is delivered: with no other listener it ends the process as if we were not there, and
 * libraries that count listeners to decide on that (signal-exit) find what they expect.
 */
function raiseAgain(signal: NodeJS.Signals, listener: Run): void {
  const isAlone = process.listenerCount(signal) === 1;
  process.removeListener(signal, listener);
  if (isAlone) return void process.kill(process.pid, signal);
  setImmediate(() => {
    if (watchesOf().get(signal)?.listener === listener) process.prependListener(signal, listener);
  }).unref();
}

function watchesOf(): Map<NodeJS.Signals, Watch> {
  const found: unknown = Reflect.get(process, WATCHES);
  if (found instanceof Map) return found as Map<NodeJS.Signals, Watch>;
  const made = new Map<NodeJS.Signals, Watch>();
  Object.defineProperty(process, WATCHES, { value: made });
  return made;
}
