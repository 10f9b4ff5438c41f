import type { ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { contexts, SUPPRESSED_ROOT } from "../context.js";
import type { Note, SpanCounts } from "../types.js";
import { createBreaker } from "./breaker.js";
import type { Exporter } from "./exporter.js";
import { createLossReport } from "./losses.js";

/** What a circuit is made with. */
export interface CircuitOptions {
  /** Longest that one export may take. */
  readonly timeoutMs: number;
  readonly note: Note;
  /** Filled by the circuit. */
  readonly counts: SpanCounts;
  /** Milliseconds, monotonic. Default: `performance.now`. */
  readonly now?: () => number;
}

/** An exporter that always answers, and always with success: a loss is counted and reported here. */
export interface Circuit extends SpanExporter {
  /** Gives up what is under way and closes the exporter's sockets. */
  destroy(): void;
}

/** Spares a failing collector: bounds each export, and drops spans while the {@link createBreaker breaker} rests. */
export function createCircuit(inner: Exporter, options: CircuitOptions): Circuit {
  const { timeoutMs, note, counts, now = () => performance.now() } = options;
  const breaker = createBreaker(now);
  const report = createLossReport(note, now);
  const attempts = new Set<Attempt>();
  let lastError: unknown;

  function finished(spans: number, { error, rejected }: Ending): void {
    if (error === undefined) {
      counts.exported += spans - rejected;
      counts.dropped.failed += rejected;
      breaker.succeeded();
      return;
    }
    lastError = error;
    counts.dropped.failed += spans;
    breaker.failed();
    report(spans, error);
  }

  function skip(spans: number): void {
    counts.dropped.circuit += spans;
    report(spans, lastError);
  }

  return {
    export(spans, done) {
      // Success in any case: a failure would make the batch processor log it again, and skip this exporter's shutdown.
      const answer = (): void => done({ code: 0 });
      if (!breaker.allows()) {
        skip(spans.length);
        answer();
        return;
      }
      const attempt = startAttempt(inner, spans, timeoutMs);
      attempts.add(attempt);
      void attempt.ended.then((ending) => {
        attempts.delete(attempt);
        finished(spans.length, ending);
        answer();
      });
    },
    forceFlush: () => inner.forceFlush?.() ?? Promise.resolve(),
    async shutdown() {
      await Promise.all([...attempts].map((attempt) => attempt.ended));
      await inner.shutdown();
    },
    destroy() {
      for (const attempt of attempts) attempt.giveUp();
      inner.destroy?.();
    },
  };
}

/** How an export ended. */
interface Ending {
  /** Undefined when it succeeded. */
  readonly error?: unknown;
  /** Spans that were lost by themselves, while the others were exported. */
  readonly rejected: number;
}

/** One export under way. */
interface Attempt {
  readonly ended: Promise<Ending>;
  giveUp(): void;
}

function startAttempt(inner: SpanExporter, spans: ReadableSpan[], timeoutMs: number): Attempt {
  let end: (ending: Ending) => void = () => undefined;
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  const fail = (error: unknown): void => end({ error, rejected: 0 });
  const timer = setTimeout(() => fail(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs).unref();
  void ended.then(() => clearTimeout(timer));
  try {
    // In the root context: the batch processor's timer was started by some request, whose ids our log line would bear.
    contexts.run(SUPPRESSED_ROOT, () => inner.export(spans, (result) => end(endingOf(result))));
  } catch (error) {
    fail(error ?? new Error("export threw"));
  }
  return { ended, giveUp: () => fail(new Error("given up on close")) };
}

function endingOf({ code, error, rejected = 0 }: ExportResult & { rejected?: number }): Ending {
  return code === 0 ? { rejected } : { error: error ?? new Error("export failed"), rejected: 0 };
}
