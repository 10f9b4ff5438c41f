import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { Logger } from "pino";
import { type Catalog, createCatalog } from "./catalog.js";
import type { DomainKit } from "./collector.js";
import { createFaults, type Faults } from "./guard.js";
import type { ObservedLogger } from "./logging/index.js";
import { createLog } from "./logs.js";
import { createMetrics, type Metrics } from "./metrics/index.js";
import type { Group } from "./metrics/processes/group.js";
import type { MetricsSettings } from "./metrics/types.js";
import { createOperation, type Operation, type OperationSpec } from "./operation.js";
import type { Settings } from "./options.js";
import { joinProcesses } from "./processes.js";
import { createPushing, type Pushing } from "./pushing.js";
import { createSamples, type Samples } from "./samples.js";
import { countSeries } from "./scrape-metrics.js";
import { countDroppedSeries } from "./series-counts.js";
import { countSpans } from "./span-counts.js";
import { contexts } from "./tracing/context.js";
import { createExemplarOf } from "./tracing/exemplar.js";
import { createTracing, type Tracing } from "./tracing/index.js";

/** The three signals of one instance, joined. */
export interface Signals {
  readonly metrics: Metrics;
  /** The processes that answer a scrape together with this one. */
  readonly group: Group;
  readonly catalog: Catalog;
  readonly faults: Faults;
  readonly logger: ObservedLogger;
  readonly tracing: Tracing;
  /** Sends the metrics where they are pushed to. */
  readonly pushing: Pushing;
  /** What the domain called `name` builds its vocabulary from. */
  kit(name: string): DomainKit;
  /** Calls `read` before each scrape; returns its removal. */
  sample(read: () => void | Promise<void>): () => void;
  /** Sends off pushes and spans, then logs, which may still tell of them; the metrics can be read on. Never rejects. */
  flush(): Promise<void>;
  /** Writes the log lines that are buffered, at once. */
  flushLogs(): void;
  /** Lets go of the metrics. */
  close(): void;
}

/** Builds the signals. The floors know nothing of each other; here the log learns the ids and faults find their counter. */
export function createSignals(settings: Settings): Signals {
  const metrics = createMetrics(metricsSettings(settings), {
    client: settings.metrics.client,
    onMisuse: (text) => faults.note("metrics", new Error(text)),
  });
  const catalog = createCatalog(metrics);
  const samples = createSamples(settings.metrics.collectTimeoutMs, (error) => faults.note("sample", error));
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
  for (const count of [countDroppedSeries, countSeries]) samples.add(count(catalog.for("telltale"), metrics));
  const log = createLog(settings.logging, { catalog, samples, note: faults.note });
  const tracing = createTracing(settings.tracing, faults.note);
  if (tracing.exporting) samples.add(countSpans(catalog.for("telltale"), tracing));
  const mismatch = tracing.probe();
  if (mismatch !== undefined) faults.note("tracing", new Error(mismatch));
  const group = joinProcesses(settings, { metrics, catalog, note: faults.note });
  const pushing = createPushing({ metrics, catalog, faults, env: process.env }, settings);
  const needsContext = (): boolean => settings.tracing !== false || log.logger.isLevelEnabled("fatal");
  const exemplarOf = createExemplarOf(
    tracing.exporting && settings.metrics.exemplars ? tracing.isKept : undefined,
  );
  const parts = { metrics, group, catalog, faults, logger: log.logger, tracing, pushing };
  const tellUnusedRenames = reportRenames(parts, samples);

  return {
    ...parts,
    kit: (name) => createKit({ ...parts, needsContext, exemplarOf }, name),
    sample: samples.add,
    flush() {
      tellUnusedRenames();
      return flushAll(parts, log);
    },
    flushLogs: log.flush,
    close: metrics.close,
  };
}

async function flushAll(
  { group, pushing, tracing }: Pick<Signals, "group" | "pushing" | "tracing">,
  log: { close(): Promise<void> },
): Promise<void> {
  await Promise.all([group.close(), pushing.close(), tracing.close()]);
  await log.close();
}

function metricsSettings({ service, prefix, labels, metrics }: Settings): MetricsSettings {
  const { client: _client, push: _push, maxScrapes: _maxScrapes, threads, ...rest } = metrics;
  return { prefix, labels, threads: threads ? service : undefined, ...rest };
}

// At the first scrape, when what a service declares at its start is there, or at the latest when it closes.
function reportRenames(
  { metrics, faults }: Pick<Signals, "metrics" | "faults">,
  samples: Samples,
): () => void {
  let isTold = false;
  const tell = (): void => {
    const names = isTold ? [] : metrics.naming.unused();
    isTold = true;
    if (names.length === 0) return;
    const found = `metrics.rename: found ${names.map((name) => `"${name}"`).join(", ")}`;
    faults.note(
      "metrics",
      new Error(`${found}; expected names that metrics are declared with, without the prefix.`),
    );
  };
  samples.add(tell);
  return tell;
}

type KitParts = Pick<Signals, "catalog" | "faults" | "logger" | "tracing"> &
  Pick<DomainKit, "needsContext" | "exemplarOf">;

function createKit({ catalog, faults, logger, tracing, ...rest }: KitParts, name: string): DomainKit {
  const { needsContext, exemplarOf } = rest;
  const declare = catalog.for(name);
  const { tracer, propagation, samplesByAttributes } = tracing;
  const operation = (spec: OperationSpec): Operation =>
    createOperation(spec, declare, { tracer, exemplarOf });
  const log = logger.component(name);
  return {
    declare,
    tracer,
    propagation,
    samplesByAttributes,
    log,
    guard: faults.guard,
    operation,
    needsContext,
    exemplarOf,
  };
}

function warn(log: Logger, part: string, { error, repeated }: { error: unknown; repeated: number }): void {
  log.warn(
    { part, err: error, ...(repeated === 0 ? {} : { repeated }) },
    `telltale: ${part} failed; the service is not affected`,
  );
}
