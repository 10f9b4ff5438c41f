import type { Resource } from "@opentelemetry/resources";
import type { SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import { ObservabilityError } from "../errors.js";
import { createCircuit } from "./exporters/circuit.js";
import type { Exporter } from "./exporters/exporter.js";
import { exporters } from "./exporters/index.js";
import { createBatchProcessor, guardProcessor } from "./processor.js";
import type { Note, SpanCounts, TracingSettings } from "./types.js";

const EXPORT_TIMEOUT_MS = 2000;
// OpenTelemetry waits 5 s. A second loses less when the process is killed, shows a trace while one looks for it,
// and costs one small request a second at most: under load a batch of 512 is full sooner.
const BATCH_DELAY_MS = 1000;
const ANSWER_MARGIN_MS = 1000;

/** The way of an ended span out of the process. */
export interface Pipeline {
  readonly processor: SpanProcessor;
  readonly counts: SpanCounts;
  /** Cuts what is still under way. */
  destroy(): void;
}

/** Builds the pipeline; throws ObservabilityError when the exporter or its endpoint is not one. */
export function createPipeline(settings: TracingSettings, resource: Resource, note: Note): Pipeline {
  const counts = createCounts();
  const { exporter } = settings;
  if (isProcessor(exporter))
    return { processor: guardProcessor(exporter, { counts, note }), counts, destroy: () => undefined };
  const timeoutMs = settings.exportTimeoutMs ?? EXPORT_TIMEOUT_MS;
  const circuit = createCircuit(openExporter(settings, { timeoutMs, resource, note }), {
    timeoutMs,
    note,
    counts,
  });
  const delayMs = settings.batchDelayMs ?? BATCH_DELAY_MS;
  const processor = createBatchProcessor(circuit, {
    delayMs,
    timeoutMs: timeoutMs + ANSWER_MARGIN_MS,
    counts,
  });
  return { processor, counts, destroy: circuit.destroy };
}

function openExporter(
  settings: TracingSettings,
  setup: { timeoutMs: number; resource: Resource; note: Note },
): Exporter {
  const { exporter } = settings;
  if (isExporter(exporter)) return exporter;
  const factory =
    typeof exporter === "string" && Object.hasOwn(exporters, exporter) ? exporters[exporter] : undefined;
  if (factory === undefined) throw new ObservabilityError("TELLTALE_OPTION", complaint(exporter));
  return factory({ settings, ...setup });
}

function complaint(found: unknown): string {
  const shown = typeof found === "string" ? JSON.stringify(found) : `a value of type ${typeof found}`;
  const names = ["none", ...Object.keys(exporters)].join(", ");
  return `tracing.exporter is ${shown}: expected one of ${names}, or a SpanExporter or SpanProcessor of the OpenTelemetry SDK`;
}

function isExporter(value: unknown): value is SpanExporter {
  return hasMethods(value, ["export", "shutdown"]);
}

function isProcessor(value: unknown): value is SpanProcessor {
  return hasMethods(value, ["onStart", "onEnd", "shutdown"]);
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

/** Counts that begin at nought. */
export function createCounts(): SpanCounts {
  const dropped = { circuit: 0, failed: 0, queue: 0, tail: 0 };
  return {
    exported: 0,
    get failed() {
      return dropped.failed;
    },
    dropped,
  };
}
