import { tracingChannel } from "node:diagnostics_channel";
import { type Logger, pino } from "pino";
import type { LineFormat } from "./formats/format.js";
import type { Redactor } from "./redact.js";

/** Writes a text as JSON, with secrets hidden and cut as any logged text is. */
export type WriteText = (text: string) => string;

/** Writes fields as JSON members, each with a comma before it: what pino would write of their copy. */
export type WriteMembers = (fields: never, text: WriteText) => string;

/**
 * Holds on logged fields what writes them, where their names are always the same and their values texts, numbers and
 * null: nothing of them need be copied, looked through or told apart. Where names are hidden by option, or the format
 * has its own, the fields are copied as any are.
 */
export const MEMBERS: unique symbol = Symbol("telltale.members");

/** True for fields that may be handed to pino as they are, for {@link writeKnownLines} to write. */
export type IsKnown = (fields: object) => boolean;

interface Known {
  readonly [MEMBERS]?: WriteMembers;
}

type AsJson = (
  this: Inner,
  fields: Known | undefined,
  ...rest: [msg: unknown, level: number, time: string]
) => string;

/** The parts of a pino logger that its line is put together from. */
interface Inner {
  readonly [key: symbol]: unknown;
}

const INFO = 30;
const MAX_TEXT_CHARS = 4096;
// Told as another text where its name is secret or a URL's.
const PROBE = "telltale?probe=1#probe";
// What stands between quotes as it is.
const BARE = /^[ !#-[\]-~]*$/;

/** Makes the test; each kind of line is looked at once. */
export function createIsKnown(
  redactor: Redactor,
  format: Pick<LineFormat, "arrange" | "nestedKey">,
): IsKnown {
  const judged = new Map<WriteMembers, boolean>();

  function judge(fields: object): boolean {
    if (format.nestedKey !== undefined) return false;
    const names = Object.keys(fields);
    if (names.some((name) => redactor.walk().field(name, PROBE) !== PROBE)) return false;
    const copy = { ...fields };
    // A format that makes an object of its own leaves behind what writes the line.
    return format.arrange(copy, INFO, true) === copy && Object.keys(copy).join() === names.join();
  }

  return (fields) => {
    const write = (fields as Known)[MEMBERS];
    if (write === undefined) return false;
    const known = judged.get(write) ?? judge(fields);
    judged.set(write, known);
    return known;
  };
}

/** Makes `root` and its children write known fields by their own function. */
export function writeKnownLines(root: Logger, messageKey: string, redactor: Redactor): void {
  const { asJsonSym, lsCacheSym, chindingsSym, endSym } = pino.symbols;
  const asJson = (root as unknown as Inner)[asJsonSym] as AsJson;
  const watched = tracingChannel("pino_asJson");
  const write: WriteText = (text) =>
    quote(text.length > MAX_TEXT_CHARS ? redactor.walk().text(text, redactor.text) : redactor.text(text));
  const asKnownJson: AsJson = function (fields, ...rest) {
    const members = fields?.[MEMBERS];
    const [message, level, time] = rest;
    if (members === undefined || typeof message !== "string" || watched.start.hasSubscribers)
      return asJson.call(this, fields, ...rest);
    const head = (this[lsCacheSym] as Record<number, string>)[level] + time + String(this[chindingsSym]);
    return `${head + members(fields as never, write)},"${messageKey}":${quote(redactor.text(message))}${String(this[endSym])}`;
  };
  Object.defineProperty(root, asJsonSym, { value: asKnownJson });
}

function quote(text: string): string {
  return BARE.test(text) ? `"${text}"` : JSON.stringify(text);
}
