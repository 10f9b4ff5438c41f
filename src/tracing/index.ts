import { type TracerProvider, trace } from "@opentelemetry/api";
import { isObservabilityError } from "../errors.js";
import { installContextManager } from "./context.js";
import { createCounts, sumCounts } from "./counts.js";
import { within } from "./deadline.js";
import { reportDiag } from "./diag.js";
import { claim } from "./globals.js";
import { createIdTracer, createNoopTracer } from "./id-tracer.js";
import { createPipeline } from "./pipeline.js";
import { probeApiCopies } from "./probe.js";
import { createPropagation, DEFAULT_PROPAGATORS } from "./propagation/index.js";
import { startProvider } from "./provider.js";
import { createResource } from "./resource.js";
import { createSampling } from "./sampling/index.js";
import type { Note, Tracing, TracingSettings, TracingStats } from "./types.js";

export type { Note, SpanLimits, Tracing, TracingSettings } from "./types.js";

const CLOSE_LIMIT_MS = 3000;
const NOT_EXPORTING = { exporting: false, samplesByAttributes: false, isKept: () => false } as const;

/**
 * Starts tracing. `false` makes a tracer that does nothing; the exporter `none` one that only gives ids; neither
 * loads the OpenTelemetry SDK. Throws ObservabilityError when the exporter or its endpoint is not one; any other
 * fault is noted, and tracing falls back to ids.
 */
export function createTracing(settings: TracingSettings | false, note: Note): Tracing {
  if (settings === false) return traceNothing(note);
  for (const complaint of settings.complaints ?? []) note("tracing", new Error(complaint));
  if (settings.exporter === "none") return traceIdsOnly(settings, note);
  try {
    return traceAndExport(settings, note);
  } catch (error) {
    if (isObservabilityError(error)) throw error;
    note("tracing", error);
    return traceIdsOnly(settings, note);
  }
}

function traceNothing(note: Note): Tracing {
  // Read for the log lines; nothing is sent on, unless by a propagator of the service's own.
  const { namesTrace, extract } = createPropagation(["tracecontext"], note);
  const { inject } = createPropagation([], note);
  return {
    propagation: { namesTrace, extract, inject },
    tracer: createNoopTracer(),
    ...NOT_EXPORTING,
    stats: noCounts,
    probe: () => undefined,
    close: () => Promise.resolve(),
  };
}

function traceIdsOnly({ propagators = DEFAULT_PROPAGATORS }: TracingSettings, note: Note): Tracing {
  const propagation = createPropagation(propagators, note);
  const releases = [installContextManager(), propagation.install()];
  return {
    propagation,
    tracer: createIdTracer(),
    ...NOT_EXPORTING,
    stats: noCounts,
    probe: probeApiCopies,
    close: () => Promise.resolve(releaseAll(releases)),
  };
}

function traceAndExport(settings: TracingSettings, note: Note): Tracing {
  const resource = createResource(settings);
  const { processor, counts, stats, destroy } = createPipeline(settings, resource, note);
  const sampling = createSampling(settings, note);
  const propagation = createPropagation(settings.propagators ?? DEFAULT_PROPAGATORS, note);
  const running = startProvider({
    settings,
    resource,
    sampler: sampling.sampler,
    processor: sampling.tail(processor, counts),
  });
  const releases = [
    installContextManager(),
    propagation.install(),
    installProvider(running.provider),
    reportDiag(note),
  ];
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    try {
      const done = await within(running.shutdown(), CLOSE_LIMIT_MS);
      if (!done) note("tracing", new Error(`spans were still unsent ${CLOSE_LIMIT_MS} ms after close()`));
    } catch (error) {
      note("tracing", error);
    } finally {
      sampling.close();
      destroy();
      releaseAll(releases);
    }
  }
  return {
    tracer: running.provider.getTracer("telltale", version()),
    propagation,
    exporting: true,
    samplesByAttributes: sampling.usesAttributes,
    isKept: sampling.isKept,
    stats,
    probe: probeApiCopies,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function installProvider(provider: TracerProvider): () => void {
  return claim("trace", {
    register: () => trace.setGlobalTracerProvider(provider),
    unregister: () => trace.disable(),
  });
}

function noCounts(): TracingStats {
  return sumCounts(new Map(), createCounts());
}

function version(): string {
  return (require("../../package.json") as { version: string }).version;
}

function releaseAll(releases: readonly (() => void)[]): void {
  for (const release of releases) release();
}
