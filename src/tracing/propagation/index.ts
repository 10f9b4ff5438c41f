import {
  type Context,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "../context.js";
import { claim, foreign } from "../globals.js";
import type { Note } from "../types.js";
import { isUndecided } from "../undecided.js";
import { FORMATS } from "./formats.js";

/** How a context leaves and enters the process. */
export interface Propagation {
  /** Writes the trace and the baggage of a context; a fault is noted, not thrown. */
  inject<C>(ctx: Context, carrier: C, setter: TextMapSetter<C>): void;
  /** The context with what the carrier names; `ctx` itself where it names nothing that is well formed. Never throws. */
  extract<C>(ctx: Context, carrier: C, getter: TextMapGetter<C>): Context;
  /** True when the headers name a trace, well formed or not. */
  namesTrace(headers: { readonly [name: string]: unknown }): boolean;
}

/** Propagation, and its registration with OpenTelemetry. */
export interface OwnPropagation extends Propagation {
  /** Makes it OpenTelemetry's unless there is one; returns the idempotent release. */
  install(): () => void;
}

/** What travels where nothing else is said. */
export const DEFAULT_PROPAGATORS: readonly string[] = ["tracecontext", "baggage"];

/**
 * Makes it from names in the order of their weight: the first that finds a well-formed trace wins, the others are not
 * asked; so it is with baggage. All are written. Where the service has registered a propagator of its own with
 * OpenTelemetry, that one does the work.
 */
export function createPropagation(names: readonly string[], note: Note): OwnPropagation {
  const own = compose(names);
  const current = (): TextMapPropagator => foreign("propagation") ?? own;
  const traceFields = own.traceFields;
  return {
    inject(ctx, carrier, setter) {
      try {
        current().inject(ctx, carrier, setter);
      } catch (error) {
        note("tracing.propagation", error);
      }
    },
    extract(ctx, carrier, getter) {
      try {
        return current().extract(ctx, carrier, getter);
      } catch (error) {
        note("tracing.propagation", error);
        return ctx;
      }
    },
    namesTrace: (headers) => traceFields.some((name) => headers[name] !== undefined),
    install: () =>
      claim("propagation", {
        register: () => propagation.setGlobalPropagator(own),
        unregister: () => propagation.disable(),
      }),
  };
}

interface Composed extends TextMapPropagator {
  readonly traceFields: readonly string[];
}

function compose(names: readonly string[]): Composed {
  const formats = [...new Set(names)].flatMap((name) => FORMATS[name]?.() ?? []);
  const traces = formats.flatMap((format) => format.trace ?? []);
  const baggages = formats.flatMap((format) => format.baggage ?? []);
  return {
    traceFields: [...new Set(traces.flatMap((each) => each.fields()))],
    inject(ctx, carrier, setter) {
      if (isTracingSuppressed(ctx)) return;
      const ids = trace.getSpanContext(ctx);
      if (ids !== undefined && !isUndecided(ids))
        for (const each of traces) each.inject(ctx, carrier, setter);
      for (const each of baggages) each.inject(ctx, carrier, setter);
    },
    extract: (ctx, carrier, getter) => {
      const traced = firstFound(traces, ctx, (each, from) => each.extract(from, carrier, getter));
      return firstFound(baggages, traced, (each, from) => each.extract(from, carrier, getter));
    },
    fields: () => [...new Set([...traces, ...baggages].flatMap((each) => each.fields()))],
  };
}

function firstFound(
  propagators: readonly TextMapPropagator[],
  ctx: Context,
  extract: (each: TextMapPropagator, from: Context) => Context,
): Context {
  for (const each of propagators) {
    const found = extract(each, ctx);
    if (found !== ctx) return found;
  }
  return ctx;
}
