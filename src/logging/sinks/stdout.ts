import { BufferedSink } from "./buffered.js";
import type { SinkMaker } from "./maker.js";
import { openDescriptor } from "./outlets.js";
import { createStreamSink, type LineTarget } from "./stream.js";

const STDOUT_FD = 1;

/** Standard output, buffered. A test runner or the host that has replaced `process.stdout.write` gets every line at once. */
export const stdout: SinkMaker = {
  to: "stdout",
  keys: {},
  open(_options, { lose }) {
    const stream = process.stdout;
    const isReplaced = stream.write !== (stream.constructor.prototype as LineTarget).write;
    return isReplaced ? createStreamSink(stream, lose) : new BufferedSink(openDescriptor(STDOUT_FD), lose);
  },
};
