import { describeExchange } from "./pretty-exchange.js";

const LEVEL_CHARS = 5;
const COLOURS = "trace:gray,debug:blue,info:green,warn:yellow,error:red,fatal:bgRed,message:reset";
const INDENT = "    ";
const SHOWN_FIRST = new Set(["level", "time", "service", "version", "environment", "component", "msg"]);
const SHOWN_LAST = ["request_id", "trace_id", "span_id"];
// Terminal escapes live in the C0 and C1 ranges; the bidirectional marks reorder what is read.
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const BARE = /^[^\s"=]+$/;

type Line = Readonly<Record<string, unknown>>;

/**
 * Makes the formatter of `format: "pretty"`: local time, level, component, message, then the remaining keys as
 * `key=value`, errors with their stack below. Nothing in a line can steer the terminal or look like a second line.
 * `colour` false leaves out escape codes altogether.
 */
export function createPretty(colour: boolean): (json: string) => string {
  const { prettyFactory } = require("pino-pretty") as typeof import("pino-pretty");
  const render = prettyFactory({
    colorize: colour,
    customColors: COLOURS,
    translateTime: "SYS:HH:MM:ss.l",
    singleLine: true,
    customPrettifiers: { time: (time) => String(time) },
  });
  return (json) => {
    const line = parse(json);
    const gap = " ".repeat(Math.max(0, LEVEL_CHARS - String(line["level"]).length));
    return render({ level: line["level"], time: line["time"], msg: gap + describe(line) });
  };
}

/** A host's child may print what is no JSON; it is shown as it is. */
function parse(json: string): Line {
  try {
    return JSON.parse(json) as Line;
  } catch {
    return { msg: json };
  }
}

function describe(whole: Line): string {
  const line = describeExchange(whole);
  const words: string[] = [];
  const below: string[] = [];
  if (line["component"] !== undefined) words.push(`[${flat(line["component"])}]`);
  if (line["msg"] !== undefined) words.push(flat(line["msg"], `\n${INDENT}`));
  const keys = Object.keys(line).filter((key) => !SHOWN_FIRST.has(key) && !SHOWN_LAST.includes(key));
  for (const key of [...keys, ...SHOWN_LAST.filter((id) => id in line)]) {
    const value = line[key];
    if (hasStack(value)) below.push(...describeStack(value));
    else words.push(`${flat(key)}=${describeValue(value)}`);
  }
  return [words.join(" "), ...below].join(`\n${INDENT}`);
}

function describeValue(value: unknown): string {
  if (typeof value !== "string") return flat(JSON.stringify(value));
  return BARE.test(value) ? flat(value) : flat(JSON.stringify(value));
}

function describeStack(error: Line & { stack: string }): string[] {
  const { stack, type: _type, message: _message, cause, ...rest } = error;
  const lines = stack.split("\n").map((text) => flat(text));
  if (Object.keys(rest).length > 0) lines.push(flat(JSON.stringify(rest)));
  if (!hasStack(cause)) return cause === undefined ? lines : [...lines, `caused by: ${describeValue(cause)}`];
  const [first, ...others] = describeStack(cause);
  return [...lines, `caused by: ${first}`, ...others];
}

function hasStack(value: unknown): value is Line & { stack: string } {
  return typeof value === "object" && value !== null && "stack" in value && typeof value.stack === "string";
}

/** Nothing that a terminal obeys, and no line of its own unless `newline` says how one is set apart. */
function flat(value: unknown, newline = "\\n"): string {
  return String(value).replace(UNPRINTABLE, "").replaceAll("\n", newline);
}
