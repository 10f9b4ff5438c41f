import type { Logger } from "pino";
import { onProcessExit } from "../process-exit.js";
import { COUNTS } from "./line-counts.js";
import type { LogMethod } from "./log-method.js";
import { onEndingSignal } from "./sinks/signals.js";

/** How lines that are alike are thinned out. */
export interface SampleSettings {
  /** Lines of each component and message text that are written in an interval. */
  readonly first: number;
  /** After those, every so-many-th is; 0 for none. */
  readonly thereafter: number;
  /** Length of an interval, milliseconds. */
  readonly intervalMs: number;
  /**
   * Which lines are alike, by what was logged, as it is, and the message text, which may be empty: those of one component
   * and key. It is told in the summary, so no secrets. A line whose key is no string is written. Default: the text, and lines without one are written.
   */
  readonly key?:
    | ((fields: Readonly<Record<string, unknown>>, message: string) => string | undefined)
    | undefined;
}

/** What a sampler asks of the house. */
export interface SampleHooks {
  /** Told of each line that is left out. */
  onDropped(): void;
  /** Told of a key function that throws; its line is written. */
  fault(error: unknown): void;
  /** Runs work outside of any request's context. */
  apart<T>(work: () => T): T;
}

/** Thins out lines. */
export interface Sampler {
  /** Makes a hook that is called for those lines alone that are written. */
  wrap(hook: LogMethod): LogMethod;
  /** Says how many lines were left out since it was last said. */
  close(): void;
}

/** What was left out in an interval: how many lines, and the text or key of most of them. */
interface Summary {
  readonly sampled: number;
  readonly text: string;
}

interface Seen {
  count: number;
  dropped: number;
}

const ERROR = 50;
// Node takes a longer one for none.
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MAX_TEXTS = 1000;
const MAX_SHOWN_CHARS = 200;

/**
 * Makes a sampler: of each component and key the `first` lines of an interval are written, then every `thereafter`-th.
 * When the interval ends, or the process does, a line says how many were left out. Errors and worse are always written, as
 * are lines without a key and those beyond 1000 keys an interval.
 */
export function createSampler(settings: SampleSettings, hooks: SampleHooks): Sampler {
  const counts = createCounts(settings);
  const keyOf = createKeyOf(settings, hooks);
  let say: ((summary: Summary) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let endsAtMs = 0;

  function turn(): void {
    clearTimeout(timer);
    timer = undefined;
    endsAtMs = Date.now() + settings.intervalMs;
    const summary = counts.takeSummary();
    if (summary !== undefined) hooks.apart(() => say?.(summary));
  }

  function leaveOut(): void {
    // A request's context would stay in memory, and in the summary, with the timer.
    timer ??= hooks.apart(() => setTimeout(turn, Math.min(endsAtMs - Date.now(), LONGEST_TIMER_MS)).unref());
    hooks.onDropped();
  }

  const forget = [onProcessExit(turn), onEndingSignal(turn)];
  return {
    wrap: (hook) =>
      function sampledHook(args, method, level) {
        if (Date.now() >= endsAtMs) turn();
        const key = level >= ERROR ? undefined : keyOf(args);
        if (key === undefined || counts.isWritten(this, key)) return hook.call(this, args, method, level);
        say = (summary) => hook.call(this, lineOf(summary) as never, method, level);
        leaveOut();
      },
    close() {
      turn();
      for (const undo of forget) undo();
    },
  };
}

function createKeyOf(
  { key }: SampleSettings,
  { fault }: SampleHooks,
): (args: unknown[]) => string | undefined {
  return (args) => {
    const text: unknown = typeof args[0] === "string" ? args[0] : args[1];
    if (key === undefined) return typeof text === "string" ? text : undefined;
    try {
      const found: unknown = key(fieldsOf(args[0]), typeof text === "string" ? text : "");
      return typeof found === "string" ? found : undefined;
    } catch (error) {
      fault(error);
      return undefined;
    }
  };
}

function fieldsOf(given: unknown): Readonly<Record<string, unknown>> {
  if (given instanceof Error) return { err: given };
  return typeof given === "object" && given !== null ? (given as Record<string, unknown>) : {};
}

function lineOf({ sampled, text }: Summary): unknown[] {
  const shown = text.slice(0, MAX_SHOWN_CHARS);
  const said = `${sampled} repetitive lines were left out, most of them: ${shown}`;
  return [{ event: "log_lines_sampled", sampled }, said];
}

interface Counts {
  isWritten(logger: Logger, key: string): boolean;
  /** What was left out; then it begins anew. */
  takeSummary(): Summary | undefined;
}

function createCounts({ first, thereafter }: SampleSettings): Counts {
  const none = {};
  let texts = new Map<object, Map<string, Seen>>();
  let size = 0;

  function seenOf(component: object, text: string): Seen | undefined {
    const known = texts.get(component)?.get(text);
    if (known !== undefined || size === MAX_TEXTS) return known;
    const made = { count: 0, dropped: 0 };
    texts.set(component, (texts.get(component) ?? new Map<string, Seen>()).set(text, made));
    size++;
    return made;
  }

  return {
    isWritten(logger, key) {
      const component = COUNTS in logger ? (logger[COUNTS] as object) : none;
      const seen = seenOf(component, key);
      if (seen === undefined) return true;
      seen.count++;
      const over = seen.count - first;
      if (over <= 0 || (thereafter > 0 && over % thereafter === 0)) return true;
      seen.dropped++;
      return false;
    },
    takeSummary() {
      const over = summaryOf(texts);
      texts = new Map();
      size = 0;
      return over;
    },
  };
}

function summaryOf(texts: ReadonlyMap<object, ReadonlyMap<string, Seen>>): Summary | undefined {
  const all = [...texts.values()].flatMap((map) => [...map]);
  const sampled = all.reduce((sum, [, { dropped }]) => sum + dropped, 0);
  const [most] = all.sort(([, a], [, b]) => b.dropped - a.dropped);
  return sampled === 0 || most === undefined ? undefined : { sampled, text: most[0] };
}
