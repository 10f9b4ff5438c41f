import type { Logger } from "pino";
import { createCatalog, type Catalog } from "./catalog.js";
import type { DomainKit } from "./collector.js";
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

function warn(log: Logger, part: string, { error, repeated }: { error: unknown; repeated: number }): void {
  log.warn({ part, err: error, ...(repeated === 0 ? {} : { repeated }) }, `telltale: ${part} failed; the service is not affected`);
}
