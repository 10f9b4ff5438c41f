import type { Logger } from "pino";
import { COUNTS } from "./line-counts.js";
import type { LogMethod } from "./log-method.js";

/** How lines of one text are thinned out. */
export interface SampleSettings {
  /** Lines of each component and message text that are written in an interval. */
  readonly first: number;
  /** After those, every so-many-th is; 0 for none. */
  readonly thereafter: number;
  /** Length of an interval, milliseconds. */
  readonly intervalMs: number;
}

/** Makes a hook that is called for those lines alone that are written. */
export type Sampler = (hook: LogMethod) => LogMethod;

/** What was left out in an interval: how many lines, and the text of most of them. */
interface Summary {
  readonly sampled: number;
  readonly text: string;
}

interface Seen {
  count: number;
  dropped: number;
}

const ERROR = 50;
const MAX_TEXTS = 1000;
const MAX_SHOWN_CHARS = 200;

/**
 * Makes a sampler: of each component and message text the `first` lines of an interval are written, then every
 * `thereafter`-th. The first line after the interval says how many were left out before it. Errors and worse are always
 * written, as are lines without a text and those beyond 1000 texts an interval.
 */
export function createSampler(settings: SampleSettings, onDropped: () => void): Sampler {
  const { first, thereafter, intervalMs } = settings;
  const none = {};
  let texts = new Map<object, Map<string, Seen>>();
  let size = 0;
  let endsAtMs = 0;

  function seenOf(component: object, text: string): Seen | undefined {
    const known = texts.get(component)?.get(text);
    if (known !== undefined || size === MAX_TEXTS) return known;
    const made = { count: 0, dropped: 0 };
    texts.set(component, (texts.get(component) ?? new Map<string, Seen>()).set(text, made));
    size++;
    return made;
  }

  function isWritten(logger: Logger, text: string): boolean {
    const component = COUNTS in logger ? (logger[COUNTS] as object) : none;
    const seen = seenOf(component, text);
    if (seen === undefined) return true;
    seen.count++;
    const over = seen.count - first;
    if (over <= 0 || (thereafter > 0 && over % thereafter === 0)) return true;
    seen.dropped++;
    onDropped();
    return false;
  }

  function turn(): Summary | undefined {
    const atMs = Date.now();
    if (atMs < endsAtMs) return undefined;
    const over = summaryOf(texts);
    endsAtMs = atMs + intervalMs;
    texts = new Map();
    size = 0;
    return over;
  }

  return (hook) =>
    function sampledHook(args, method, level) {
      const text: unknown = typeof args[0] === "string" ? args[0] : args[1];
      const over = turn();
      if (over !== undefined) {
        const fields = { event: "log_lines_sampled", sampled: over.sampled };
        const said = `${over.sampled} repetitive lines were left out, most of them: ${over.text.slice(0, MAX_SHOWN_CHARS)}`;
        hook.call(this, [fields, said] as never, method, level);
      }
      if (level >= ERROR || typeof text !== "string" || isWritten(this, text))
        hook.call(this, args, method, level);
    };
}

function summaryOf(texts: ReadonlyMap<object, ReadonlyMap<string, Seen>>): Summary | undefined {
  const all = [...texts.values()].flatMap((map) => [...map]);
  const sampled = all.reduce((sum, [, { dropped }]) => sum + dropped, 0);
  const [most] = all.sort(([, a], [, b]) => b.dropped - a.dropped);
  return sampled === 0 || most === undefined ? undefined : { sampled, text: most[0] };
}
