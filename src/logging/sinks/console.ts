import { BufferedSink } from "./buffered.js";
import type { LossReport } from "./losses.js";
import { openDescriptor } from "./outlets.js";
import type { Sink } from "./sink.js";
import { createStreamSink, type LineTarget } from "./stream.js";

/**
 * The descriptor behind `stream`, buffered. A test runner or the host that has replaced `stream.write` means to see
 * every line at once. That the stream was asked for also makes a pipe behind it one that does not block: a reader that
 * is stuck stops no event loop.
 */
export function openConsole(stream: NodeJS.WriteStream, fd: number, lose: LossReport): Sink {
  const isReplaced = stream.write !== (stream.constructor.prototype as LineTarget).write;
  return isReplaced ? createStreamSink(stream, lose) : new BufferedSink(openDescriptor(fd), lose);
}
