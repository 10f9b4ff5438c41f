import { ROOT_CONTEXT, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { Declare } from "../../collector.js";
import { contexts } from "../../tracing/context.js";

/** The phases of a shutdown, in their order. */
export type Phase = "drain" | "requests" | "hooks" | "flush" | "close";

/** What is seen of a shutdown: the gauge of its phases and its spans. */
export interface ShutdownTelemetry {
  /** Begins the span of the whole and runs `work` in it, with its log lines and hooks. */
  begin<T>(reason: string, work: () => T): T;
  /** Runs a phase and keeps how long it took. */
  phase(name: Phase, work: () => Promise<void>): Promise<void>;
  /** Runs a hook inside a span of its own. */
  hook<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Ends the span of the whole. */
  end(failures: readonly string[]): void;
  /** Seconds of each phase that has ended. */
  readonly seconds: Readonly<Partial<Record<Phase, number>>>;
}

/** Declares the gauge and makes the observer of one shutdown. */
export function observeShutdown(declare: Declare, tracer: Tracer): ShutdownTelemetry {
  const gauge = declare.gauge({
    name: "shutdown_phase_duration_seconds",
    help: "How long each phase of the shutdown took, from the end of the phase on.",
    labelNames: ["phase"],
    unit: "seconds",
  });
  const seconds: Partial<Record<Phase, number>> = {};
  let span: Span | undefined;

  async function phase(name: Phase, work: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    await work();
    seconds[name] = Math.round(performance.now() - startedAt) / 1000;
    gauge.set({ phase: name }, seconds[name]);
    span?.addEvent(`${name} ended`);
  }

  return {
    seconds,
    phase,
    begin(reason, work) {
      // In no request's context: shutdown() may be called from a handler.
      span = tracer.startSpan("shutdown", { attributes: { "shutdown.reason": reason } }, ROOT_CONTEXT);
      return contexts.run(trace.setSpan(ROOT_CONTEXT, span), work);
    },
    hook: (name, work) => inSpan(tracer, `shutdown ${name}`, work),
    end(failures) {
      if (failures.length > 0) span?.setStatus({ code: SpanStatusCode.ERROR, message: failures.join(", ") });
      span?.end();
      // The phases that follow send it off.
      span = undefined;
    },
  };
}

async function inSpan<T>(tracer: Tracer, name: string, work: () => Promise<T>): Promise<T> {
  const parent = contexts.active();
  const span = tracer.startSpan(name, {}, parent);
  try {
    return await contexts.run(trace.setSpan(parent, span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    if (error instanceof Error) span.recordException(error);
    throw error;
  } finally {
    span.end();
  }
}
