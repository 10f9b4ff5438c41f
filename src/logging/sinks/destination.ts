import { ObservabilityError } from "../../errors.js";
import { FileSink } from "./buffered.js";
import type { LossReport } from "./losses.js";
import type { Sink } from "./sink.js";
import { createStreamSink, type LineTarget } from "./stream.js";

const STDOUT_FD = 1;

/** Opens where lines go: a path, a stream, or standard output. Throws `TELLTALE_OPTION` on anything else. */
export function openDestination(destination: string | LineTarget | undefined, lose: LossReport): Sink {
  if (destination === undefined) return openStdout(lose);
  if (typeof destination === "string") return openFile(destination, lose);
  if (typeof destination === "object" && destination !== null && typeof destination.write === "function") {
    return createStreamSink(destination, lose);
  }
  throw complaint(typeof destination, "a file path or an object with write(line)");
}

function openFile(path: string, lose: LossReport): Sink {
  try {
    return new FileSink(path, lose);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw complaint(JSON.stringify(path), `a path that can be opened for appending (${reason})`);
  }
}

/** A test runner or the host that has replaced `process.stdout.write` means to see what we print. */
function openStdout(lose: LossReport): Sink {
  const stdout = process.stdout;
  const replaced = stdout.write !== (stdout.constructor.prototype as LineTarget).write;
  return replaced ? createStreamSink(stdout, lose) : new FileSink(STDOUT_FD, lose);
}

function complaint(found: string, expected: string): ObservabilityError {
  return new ObservabilityError(
    "TELLTALE_OPTION",
    `logging.destination: found ${found}, expected ${expected}`,
  );
}
