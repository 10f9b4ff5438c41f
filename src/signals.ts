import type { Logger } from "pino";
import { createCatalog, type Catalog } from "./catalog.js";
import type { Declare, DomainKit } from "./collector.js";
import { createFaults, type Faults } from "./guard.js";
import { createLogger, type ObservedLogger } from "./logging/index.js";
import { createMetrics, type Metrics } from "./metrics/index.js";
import { createOperation } from "./operation.js";
import type { Settings } from "./options.js";
import { contexts } from "./tracing/context.js";
import { createTracing, type Tracing } from "./tracing/index.js";

/** The three signals of one instance, joined. */
export interface Signals {
  readonly metrics: Metrics;
  readonly catalog: Catalog;
  readonly faults: Faults;
  readonly logger: ObservedLogger;
  readonly tracing: Tracing;
  /** What the domain called `name` builds its vocabulary from. */
  kit(name: string): DomainKit;
  /** Calls `read` before each scrape; returns its removal. */
  sample(read: () => void | Promise<void>): () => void;
  /** Flushes spans, then logs, which may still tell of the spans. Never rejects. */
  close(): Promise<void>;
}

/** Builds the signals. The floors know nothing of each other; here the log learns the ids and faults find their counter. */
export function createSignals(settings: Settings): Signals {
  const samples = new Set<() => void | Promise<void>>();
  const metrics = createMetrics(
    { prefix: settings.prefix, labels: settings.labels, maxSeriesPerFamily: settings.metrics.maxSeriesPerFamily },
    { onMisuse: (message) => faults.note("metrics", new Error(message)) },
  );
  const catalog = createCatalog(metrics);
  const errors = catalog.for("telltale").counter({
    name: "telltale_errors_total",
    help: "Faults inside telltale or in code it was given (labels, checks, exporters); none reached the service.",
    labelNames: ["part"],
    collect: () => runSamples(),
  });
  const faults: Faults = createFaults({
    count: (part) => errors.inc({ part }),
    warn: (part, error, repeated) => warn(log.logger.component("telltale"), part, { error, repeated }),
    now: () => performance.now(),
  });
  const log = createLogger(settings.logging, { logChunk: contexts.logChunk, note: faults.note });
  const tracing = createTracing(settings.tracing, faults.note);
  if (tracing.exporting) samples.add(countSpans(catalog.for("telltale"), tracing));
  const mismatch = tracing.probe();
  if (mismatch !== undefined) faults.note("tracing", new Error(mismatch));

  async function runSamples(): Promise<void> {
    for (const read of samples) {
      try {
        await read();
      } catch (error) {
        faults.note("sample", error);
      }
    }
  }

  return {
    metrics,
    catalog,
    faults,
    logger: log.logger,
    tracing,
    kit(name) {
      const declare = catalog.for(name);
      const { tracer } = tracing;
      return { declare, tracer, log: log.logger.component(name), guard: faults.guard, operation: (spec) => createOperation(spec, declare, tracer) };
    },
    sample(read) {
      samples.add(read);
      return () => void samples.delete(read);
    },
    async close() {
      await tracing.close();
      await log.close();
      metrics.close();
    },
  };
}

// The tracing floor knows no metrics; it counts by itself, and a scrape takes over what came since the last.
function countSpans(declare: Declare, tracing: Tracing): () => void {
  const exported = declare.counter({ name: "telltale_spans_exported_total", help: "Spans that the collector took." });
  const dropped = declare.counter({
    name: "telltale_spans_dropped_total",
    help: "Spans that were lost: the queue was full, an export failed, or the collector was given a rest (circuit).",
    labelNames: ["reason"],
  });
  const seen = { exported: 0, queue: 0, failed: 0, circuit: 0 };
  return () => {
    const now = tracing.stats();
    exported.inc(now.exported - seen.exported);
    seen.exported = now.exported;
    for (const reason of ["queue", "failed", "circuit"] as const) {
      dropped.inc({ reason }, now.dropped[reason] - seen[reason]);
      seen[reason] = now.dropped[reason];
    }
  };
}

function warn(log: Logger, part: string, { error, repeated }: { error: unknown; repeated: number }): void {
  log.warn({ part, err: error, ...(repeated === 0 ? {} : { repeated }) }, `telltale: ${part} failed; the service is not affected`);
}
