import { openConsole } from "./console.js";
import type { SinkMaker } from "./maker.js";

/** Standard output, buffered. */
export const stdout: SinkMaker = {
  to: "stdout",
  keys: {},
  open: (_options, { lose }) => openConsole(process.stdout, 1, lose),
};
