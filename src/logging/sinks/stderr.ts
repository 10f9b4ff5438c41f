import { openConsole } from "./console.js";
import type { SinkMaker } from "./maker.js";

/** Standard error, buffered. */
export const stderr: SinkMaker = {
  to: "stderr",
  keys: {},
  open: (_options, { lose }) => openConsole(process.stderr, 2, lose),
};
