import { BufferedSink } from "./buffered.js";
import type { SinkMaker } from "./maker.js";
import { openDescriptor } from "./outlets.js";

const STDERR_FD = 2;

/** Standard error, buffered. */
export const stderr: SinkMaker = {
  to: "stderr",
  keys: {},
  open: (_options, { lose }) => new BufferedSink(openDescriptor(STDERR_FD), lose),
};
