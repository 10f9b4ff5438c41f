import { pino } from "pino";
import { SINKS } from "./index.js";
import { type MemberRule, refuse, type SinkMaker } from "./maker.js";
import type { SinkOptions } from "./options.js";
import { isObject, text } from "./rules.js";

/** The options of one sink, found to be right. */
export interface CheckedSink {
  readonly maker: SinkMaker;
  readonly options: SinkOptions;
  /** Their path, for complaints. */
  readonly where: string;
  /** What it is called in `log_lines_dropped_total`. */
  readonly name: string;
  readonly minLevel: number;
}

const WORDS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const COMMON: Readonly<Record<string, MemberRule>> = {
  level: {
    expected: `one of ${WORDS.map((word) => `"${word}"`).join(", ")}`,
    accepts: (value) => WORDS.includes(value as string),
  },
  name: text,
};

/** Checks `logging.sinks`. Throws `TELLTALE_OPTION` on the first member that is not what it should be. */
export function checkSinks(sinks: readonly SinkOptions[]): CheckedSink[] {
  const names = new Map<string, number>();
  return sinks.map((options, i) => {
    const where = `logging.sinks[${i}]`;
    const maker = makerOf(options, where);
    checkMembers(options as unknown as Record<string, unknown>, { ...COMMON, ...maker.keys }, where);
    const { name = options.to, level } = options;
    return { maker, options, where, name: numbered(name, names), minLevel: numberOf(level) };
  });
}

function makerOf(options: unknown, where: string): SinkMaker {
  if (!isObject(options)) throw refuse(where, options, "an object with `to`");
  const maker = SINKS.find(({ to }) => to === options["to"]);
  if (maker !== undefined) return maker;
  throw refuse(`${where}.to`, options["to"], `one of ${SINKS.map(({ to }) => `"${to}"`).join(", ")}`);
}

function checkMembers(
  options: Record<string, unknown>,
  rules: Readonly<Record<string, MemberRule>>,
  where: string,
): void {
  for (const key of Object.keys(options)) {
    if (key === "to" || key in rules) continue;
    throw refuse(`${where}.${key}`, options[key], `no such member, but ${Object.keys(rules).join(", ")}`);
  }
  for (const [key, rule] of Object.entries(rules)) {
    const value = options[key];
    if (value === undefined ? rule.isRequired === true : !rule.accepts(value))
      throw refuse(`${where}.${key}`, value, rule.expected);
  }
}

/** Two sinks of one name would share a series and say nothing of which is at fault. */
function numbered(name: string, names: Map<string, number>): string {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  return count === 1 ? name : `${name}${count}`;
}

function numberOf(level: string | undefined): number {
  if (level === undefined) return 0;
  return level === "silent" ? Number.POSITIVE_INFINITY : (pino.levels.values[level] ?? 0);
}
