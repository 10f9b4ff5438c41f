import { pino } from "pino";
import { ObservabilityError } from "../errors.js";
import { ROOT } from "./components.js";

/** The level of a component, and why. */
export interface LevelState {
  /** Lowest level that is written now. */
  readonly level: string;
  /** The level set for this component; undefined when it follows the service's logger. */
  readonly configured?: string;
  /** When a level set for a time falls back, as ISO time. */
  readonly until?: string;
}

/** How long a level holds. */
export interface LevelOptions {
  /** Milliseconds until the level before it holds again. Default: it stays. */
  readonly forMs?: number;
}

/** The levels of the service's logger and its components. */
export interface Levels {
  /** The level set for a component; undefined for none. */
  of(name: string): string | undefined;
  /** Sets a level; undefined takes it back. Throws TELLTALE_OPTION on a level, a name or a time that is none. */
  set(name: string, level: string | undefined, options?: LevelOptions): void;
  /** The state of one component, whether it has a logger yet or not. */
  state(name: string): LevelState;
  /** Names with a level of their own. */
  names(): Iterable<string>;
  /** Forgets the timers. */
  close(): void;
}

/** What levels are made of. */
export interface LevelParts {
  /** Level of the service's logger. */
  readonly level: string;
  readonly levels: Readonly<Record<string, string>>;
  apply(name: string, level: string | undefined): void;
  /** The level at which a logger writes now; undefined when there is none of that name. */
  current(name: string): string | undefined;
}

interface Entry {
  /** What holds when no time is running; undefined follows the service's logger. */
  lasting: string | undefined;
  passing?: { readonly level: string; readonly timer: NodeJS.Timeout; readonly untilMs: number };
}

const NAMES = [...Object.keys(pino.levels.values), "silent"];
const COMPONENT = /^[\w.:/@-]{1,128}$/;
const MAX_ENTRIES = 1000;
const MAX_FOR_MS = 2 ** 31 - 1;

/** True for the name of a level. */
function isLevel(value: unknown): value is string {
  return typeof value === "string" && NAMES.includes(value);
}

/** Keeps the levels that were set: at most 1000. */
export function createLevels({ level, levels, apply, current }: LevelParts): Levels {
  const entries = new Map<string, Entry>([[ROOT, { lasting: level }]]);
  for (const [name, its] of Object.entries(levels)) entries.set(name, { lasting: its });

  const of = (name: string): string | undefined => {
    const entry = entries.get(name);
    return entry?.passing?.level ?? entry?.lasting;
  };

  function settle(name: string, entry: Entry): void {
    if (name === ROOT) entry.lasting ??= level;
    if (entry.lasting === undefined && entry.passing === undefined) entries.delete(name);
    else entries.set(name, entry);
    apply(name, of(name));
  }

  function set(name: string, wanted: string | undefined, { forMs }: LevelOptions = {}): void {
    check(name, wanted, forMs);
    if (!entries.has(name) && entries.size >= MAX_ENTRIES)
      throw complaint(name, `no more than ${MAX_ENTRIES} components with a level of their own`);
    const entry: Entry = entries.get(name) ?? { lasting: undefined };
    clearTimeout(entry.passing?.timer);
    delete entry.passing;
    if (forMs === undefined || wanted === undefined) entry.lasting = wanted;
    else entry.passing = { level: wanted, untilMs: Date.now() + forMs, timer: fallBack(name, entry, forMs) };
    settle(name, entry);
  }

  function fallBack(name: string, entry: Entry, forMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      delete entry.passing;
      settle(name, entry);
    }, forMs).unref();
  }

  function state(name: string): LevelState {
    const configured = of(name);
    const until = entries.get(name)?.passing?.untilMs;
    return {
      level: current(name) ?? configured ?? current(ROOT) ?? level,
      ...(configured === undefined ? {} : { configured }),
      ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    };
  }

  return {
    of,
    set,
    state,
    names: () => entries.keys(),
    close: () => {
      for (const { passing } of entries.values()) clearTimeout(passing?.timer);
    },
  };
}

function check(name: unknown, level: unknown, forMs: unknown): void {
  if (typeof name !== "string" || !COMPONENT.test(name))
    throw complaint(name, "a component of 1 to 128 letters, digits and _ . : / @ -");
  if (level !== undefined && !isLevel(level)) throw complaint(level, `one of ${NAMES.join(", ")}`);
  if (forMs !== undefined && !(typeof forMs === "number" && forMs > 0 && forMs <= MAX_FOR_MS))
    throw complaint(forMs, `forMs of 1 to ${MAX_FOR_MS} milliseconds`);
}

function complaint(found: unknown, expected: string): ObservabilityError {
  const shown = typeof found === "string" ? JSON.stringify(found.slice(0, 80)) : String(found);
  return new ObservabilityError("TELLTALE_OPTION", `logger level: found ${shown}, expected ${expected}.`);
}
