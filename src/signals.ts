import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { Logger } from "pino";
import { type Catalog, createCatalog } from "./catalog.js";
import type { DomainKit } from "./collector.js";
import { createFaults, type Faults } from "./guard.js";
import { createLogger, type ObservedLogger } from "./logging/index.js";
import { createMetrics, type Metrics } from "./metrics/index.js";
import type { MetricsSettings } from "./metrics/types.js";
import { createOperation, type Operation, type OperationSpec } from "./operation.js";
import type { Settings } from "./options.js";
import { createSamples } from "./samples.js";
import { countSpans } from "./span-counts.js";
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
  const metrics = createMetrics(metricsSettings(settings), {
    onMisuse: (text) => faults.note("metrics", new Error(text)),
  });
  const catalog = createCatalog(metrics);
  const samples = createSamples((error) => faults.note("sample", error));
  const errors = catalog.for("telltale").counter({
    name: "telltale_errors_total",
    help: "Faults inside telltale or in code it was given (labels, checks, exporters); none reached the service.",
    labelNames: ["part"],
    // The first family that is declared: what is sampled is set before any other is read.
    collect: samples.run,
  });
  const faults: Faults = createFaults({
    count: (part) => errors.inc({ part }),
    // In the root context: a fault is nobody's request's, whoever happens to be running.
    warn: (part, error, repeated) =>
      contexts.run(ROOT_CONTEXT, warn, undefined, log.logger.component("telltale"), part, {
        error,
        repeated,
      }),
    now: () => performance.now(),
  });
  const log = createLogger(settings.logging, { logChunk: contexts.logChunk, note: faults.note });
  const tracing = createTracing(settings.tracing, faults.note);
  if (tracing.exporting) samples.add(countSpans(catalog.for("telltale"), tracing));
  const mismatch = tracing.probe();
  if (mismatch !== undefined) faults.note("tracing", new Error(mismatch));
  const parts = { metrics, catalog, faults, logger: log.logger, tracing };

  return {
    ...parts,
    kit: (name) => createKit(parts, name),
    sample: samples.add,
    async close() {
      await tracing.close();
      await log.close();
      metrics.close();
    },
  };
}

function metricsSettings({ prefix, labels, metrics }: Settings): MetricsSettings {
  return { prefix, labels, maxSeriesPerFamily: metrics.maxSeriesPerFamily };
}

function createKit(
  { catalog, faults, logger, tracing }: Omit<Signals, "kit" | "sample" | "close">,
  name: string,
): DomainKit {
  const declare = catalog.for(name);
  const { tracer } = tracing;
  const operation = (spec: OperationSpec): Operation => createOperation(spec, declare, tracer);
  return { declare, tracer, log: logger.component(name), guard: faults.guard, operation };
}

function warn(log: Logger, part: string, { error, repeated }: { error: unknown; repeated: number }): void {
  log.warn(
    { part, err: error, ...(repeated === 0 ? {} : { repeated }) },
    `telltale: ${part} failed; the service is not affected`,
  );
}
