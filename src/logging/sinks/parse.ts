import { SINKS } from "./index.js";

/** Reads an element of TELLTALE_LOG_SINKS: `to`, or `to:` and the one member that this kind cannot do without. */
export function parseSink(text: string): object {
  const colon = text.indexOf(":");
  if (colon === -1) return { to: text };
  const to = text.slice(0, colon);
  const main = SINKS.find((maker) => maker.to === to)?.main;
  return main === undefined ? { to: text } : { to, [main]: text.slice(colon + 1) };
}
