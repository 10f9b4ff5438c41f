import type { Resource } from "@opentelemetry/resources";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { isObservabilityError } from "../errors.js";
import { createCounts, sumCounts } from "./counts.js";
import { createCircuit } from "./exporters/circuit.js";
import type { Exporter } from "./exporters/exporter.js";
import { exporters } from "./exporters/index.js";
import { fanOut } from "./fan-out.js";
import { createBatchProcessor, guardProcessor } from "./processor.js";
import { resolveTargets, type Target } from "./targets.js";
import type { ExporterSettings, Note, SpanCounts, TracingStats } from "./types.js";

// OpenTelemetry waits 5 s. A second loses less when the process is killed, shows a trace while one looks for it,
// and costs one small request a second at most: under load a batch of 512 is full sooner.
const BATCH_DELAY_MS = 1000;
const MAX_QUEUE_SIZE = 2048;
const MAX_BATCH_SIZE = 512;
const ANSWER_MARGIN_MS = 1000;
const OWN_EXPORTER_TIMEOUT_MS = 2000;

/** The ways of an ended span out of the process. */
export interface Pipeline {
  readonly processor: SpanProcessor;
  /** For what is lost on the way to {@link processor}. */
  readonly counts: SpanCounts;
  stats(): TracingStats;
  /** Cuts what is still under way. */
  destroy(): void;
}

/** One of the ways. */
interface Way {
  readonly processor: SpanProcessor;
  destroy(): void;
}

/** What a way is made with. */
interface WaySetup {
  readonly settings: ExporterSettings;
  readonly resource: Resource;
  readonly counts: SpanCounts;
  readonly note: Note;
}

/**
 * Builds the pipeline: a queue, a circuit and a count for each exporter, so that none suffers from another. Throws
 * ObservabilityError when an exporter or its endpoint is not one; one that fails otherwise is noted and left out,
 * unless it is the only one.
 */
export function createPipeline(settings: ExporterSettings, resource: Resource, note: Note): Pipeline {
  const counts = createCounts();
  const exporterCounts = new Map<string, SpanCounts>();
  const ways: Way[] = [];
  const targets = resolveTargets(settings);
  try {
    for (const target of targets) {
      const own = createCounts();
      const way = tryToOpen(target, { settings, resource, counts: own, note }, targets.length === 1);
      if (way === undefined) continue;
      exporterCounts.set(target.name, own);
      ways.push(way);
    }
    if (ways.length === 0) throw new Error("no exporter could be opened");
  } catch (error) {
    for (const way of ways) way.destroy();
    throw error;
  }
  return {
    processor: fanOut(
      ways.map(({ processor }) => processor),
      note,
    ),
    counts,
    stats: () => sumCounts(exporterCounts, counts),
    destroy() {
      for (const way of ways) way.destroy();
    },
  };
}

function tryToOpen(target: Target, setup: WaySetup, isOnly: boolean): Way | undefined {
  const note: Note = (part, error) => setup.note(`${part}.${target.name}`, error);
  try {
    return openWay(target, { ...setup, note });
  } catch (error) {
    if (isOnly || isObservabilityError(error)) throw error;
    note("tracing", error);
    return undefined;
  }
}

function openWay(target: Target, setup: WaySetup): Way {
  if (target.kind === "processor")
    return { processor: guardProcessor(target.processor, setup), destroy: () => undefined };
  const { settings, counts, note } = setup;
  const timeoutMs =
    target.kind === "named" ? target.named.timeoutMs : (settings.exportTimeoutMs ?? OWN_EXPORTER_TIMEOUT_MS);
  const circuit = createCircuit(openExporter(target, setup), { timeoutMs, note, counts });
  const processor = createBatchProcessor(circuit, {
    delayMs: settings.batchDelayMs ?? BATCH_DELAY_MS,
    timeoutMs: timeoutMs + ANSWER_MARGIN_MS,
    maxQueueSize: settings.maxQueueSize ?? MAX_QUEUE_SIZE,
    maxBatchSize: settings.maxBatchSize ?? MAX_BATCH_SIZE,
    counts,
  });
  return { processor, destroy: circuit.destroy };
}

function openExporter(target: Exclude<Target, { kind: "processor" }>, setup: WaySetup): Exporter {
  if (target.kind === "exporter") return target.exporter;
  const { settings, resource, note } = setup;
  return exporters[target.named.type]({ target: target.named, resource, note, out: settings.out });
}
