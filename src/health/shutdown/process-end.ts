import { writeSync } from "node:fs";
import type { ShutdownOutcome, Trigger } from "./types.js";

const RUNNING = Symbol.for("telltale.shutdowns");
const GRACE_MS = 500;

/** Notes that a shutdown runs, so that the process waits for all its instances; returns what notes its end. */
export function enterShutdown(): () => void {
  const running = runningShutdowns();
  const token = {};
  running.add(token);
  return () => void running.delete(token);
}

/**
 * Ends the process: by the signal that began it when that is wanted and all went well, else by letting it end with the exit
 * code; what keeps it alive half a second longer is named, and cut off.
 */
export function endProcess(
  { exitCode }: ShutdownOutcome,
  { signal }: Trigger,
  exitWith: "code" | "signal",
): void {
  if (exitCode === 1) process.exitCode = 1;
  if (runningShutdowns().size > 0) return;
  if (exitCode === 0 && exitWith === "signal" && signal !== undefined) process.kill(process.pid, signal);
  setTimeout(() => {
    const held = [...new Set(process.getActiveResourcesInfo())].join(", ") || "nothing that Node can name";
    cutOff(`still alive ${GRACE_MS} ms after the shutdown, held by ${held}`, Number(process.exitCode ?? 0));
  }, GRACE_MS).unref();
}

/** Exits at once, and says why on stderr: nothing else is written any more. */
export function cutOff(why: string, code: number): never {
  try {
    writeSync(2, `telltale: ${why}; exits with ${code}\n`);
  } catch {
    // Nobody reads stderr, which is no reason to stay.
  }
  process.exit(code);
}

// One for all instances and copies of the package in the process.
function runningShutdowns(): Set<object> {
  const found: unknown = Reflect.get(process, RUNNING);
  if (found instanceof Set) return found;
  const running = new Set<object>();
  Object.defineProperty(process, RUNNING, { value: running });
  return running;
}
