import { escapeText } from "./escape.js";
import { createLayOut, type LayOut } from "./layout.js";

/** Prometheus text 0.0.4. */
export const layOutText: LayOut = createLayOut({
  head: ({ name, help, type }) => `# HELP ${name} ${escapeText(help)}\n# TYPE ${name} ${type}\n`,
  nameOf: ({ name }) => name,
  bound: String,
});
