import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { TailReason } from "./tail.js";
import type { TailSampling } from "./types.js";

/** The undecided traces, and the last ones that were kept. Bounded; the oldest go first. */
export interface TailMemory {
  /** A local root of the trace begins; returns how many spans were given up to make room. */
  enter(traceId: string): number;
  /** Holds an ended span while its trace is undecided, as far as there is room. */
  hold(traceId: string, span: ReadableSpan): void;
  /** A local root of the trace has ended; with the last one what is held is let go. */
  leave(traceId: string): void;
  /** Keeps the trace from here on; hands out what was held of it, and how many spans there was no room for. */
  keep(traceId: string, reason: TailReason): Held;
  /** Why the trace is kept; undefined while it is not. */
  reason(traceId: string): TailReason | undefined;
  clear(): void;
}

/** What was held of a trace. */
export interface Held {
  readonly spans: readonly ReadableSpan[];
  /** Spans that came when the trace had its most. */
  readonly lost: number;
}

interface Undecided {
  /** Local roots that run. */
  roots: number;
  spans: ReadableSpan[];
  lost: number;
}

const NOTHING: Held = Object.freeze({ spans: [], lost: 0 });

/** Makes the memory. */
export function createTailMemory({
  maxTraces,
  maxSpansPerTrace,
}: Pick<TailSampling, "maxTraces" | "maxSpansPerTrace">): TailMemory {
  const undecided = new Map<string, Undecided>();
  const kept = new Map<string, TailReason>();

  return {
    enter(traceId) {
      const known = undecided.get(traceId);
      if (known !== undefined) {
        known.roots++;
        return 0;
      }
      undecided.set(traceId, { roots: 1, spans: [], lost: 0 });
      return undecided.size > maxTraces ? (removeOldest(undecided)?.spans.length ?? 0) : 0;
    },
    hold(traceId, span) {
      // Unknown: its trace has ended well already, or was given up and counted then.
      const found = undecided.get(traceId);
      if (found === undefined) return;
      if (found.spans.length < maxSpansPerTrace) found.spans.push(span);
      else found.lost++;
    },
    leave(traceId) {
      const found = undecided.get(traceId);
      if (found !== undefined && --found.roots <= 0) undecided.delete(traceId);
    },
    keep(traceId, reason) {
      // Remembered past the last root, for the spans that end after it.
      if (!kept.has(traceId)) kept.set(traceId, reason);
      if (kept.size > maxTraces) removeOldest(kept);
      const found = undecided.get(traceId);
      if (found === undefined) return NOTHING;
      const { spans, lost } = found;
      found.spans = [];
      found.lost = 0;
      return { spans, lost };
    },
    reason: (traceId) => kept.get(traceId),
    clear() {
      undecided.clear();
      kept.clear();
    },
  };
}

function removeOldest<V>(map: Map<string, V>): V | undefined {
  for (const [key, value] of map) {
    map.delete(key);
    return value;
  }
  return undefined;
}
