import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type TextMapGetter,
  type TextMapSetter,
} from "@opentelemetry/api";
import { contexts } from "./context.js";
import { withFields } from "./fields.js";
import { follow } from "./follow.js";
import {
  anyGetter,
  anySetter,
  type Carrier,
  type GetField,
  getterOf,
  type SetField,
} from "./propagation/carrier.js";
import { createSpans, type SpanSettings } from "./spans.js";
import type { Note, Tracing } from "./types.js";

/** Follows work with a span. */
export interface WithSpan {
  (name: string, work: (span: Span) => never, settings?: SpanSettings): never;
  <T>(name: string, work: (span: Span) => Promise<T>, settings?: SpanSettings): Promise<T>;
  <T>(name: string, work: (span: Span) => PromiseLike<T>, settings?: SpanSettings): PromiseLike<T>;
  <R>(name: string, work: (span: Span) => R, settings?: SpanSettings): R;
}

/** Spans of the service's own, and the way of a trace over any transport. */
export interface TracingFace {
  /**
   * Writes the active trace and baggage to a carrier and returns it: a plain object, a Map, Headers; for others a setter
   * says how. Writes nothing outside of a trace; never throws.
   *
   * @example
   * channel.publish(exchange, key, body, { headers: obs.inject({}) });
   */
  inject<C extends Carrier>(carrier: C, setter?: SetField<C> | TextMapSetter<C>): C;
  /**
   * The context that a carrier names, for `parent` of a span; the root context where it names none. Reads what
   * `inject()` writes, Kafka's bytes too, whatever the case of a name; for others a getter says how. Never throws.
   *
   * @example
   * obs.withSpan("orders process", () => handle(message), { kind: "consumer", parent: obs.extract(message.headers) });
   */
  extract<C extends Carrier>(carrier: C | null | undefined, getter?: GetField<C> | TextMapGetter<C>): Context;
  /** Starts a span, which is not active; the caller ends it. Never throws. */
  startSpan(name: string, settings?: SpanSettings): Span;
  /**
   * Runs work in a span of its own, which ends with it: at once, when its promise settles, or with the generator that it
   * returns, sync or async. What is thrown is put on the span and thrown on as it is.
   *
   * @example
   * const total = await obs.withSpan("checkout", (span) => checkout(cart, span));
   */
  readonly withSpan: WithSpan;
  /**
   * Runs work all of whose log lines carry these fields, besides those of the work around it; secrets are hidden by their
   * names as in any line. At most 64 fields.
   *
   * @example
   * app.use((req, res, next) => obs.withContext({ userId: req.user.id }, next));
   */
  withContext<R>(fields: Readonly<Record<string, unknown>>, work: () => R): R;
}

/** Makes the face of a tracing. */
export function createTracingFace({ tracer, propagation }: Tracing, note: Note): TracingFace {
  const spans = createSpans(tracer, note);
  return {
    inject(carrier, setter) {
      propagation.inject(contexts.active(), carrier, setterFor(setter));
      return carrier;
    },
    extract(carrier, getter) {
      return carrier === null || carrier === undefined
        ? ROOT_CONTEXT
        : propagation.extract(ROOT_CONTEXT, carrier, getterFor(getter));
    },
    startSpan: spans.start,
    withSpan: spans.follow as WithSpan,
    withContext(fields, work) {
      const ctx = contextWith(fields, note);
      return follow(work, {
        run: (part) => contexts.run(ctx, part),
        ended: () => undefined,
        failed: () => undefined,
      });
    },
  };
}

function setterFor<C extends Carrier>(setter: SetField<C> | TextMapSetter<C> | undefined): TextMapSetter<C> {
  return typeof setter === "function" ? { set: setter } : (setter ?? anySetter);
}

function getterFor<C extends Carrier>(getter: GetField<C> | TextMapGetter<C> | undefined): TextMapGetter<C> {
  return typeof getter === "function" ? getterOf(getter) : (getter ?? anyGetter);
}

function contextWith(fields: object, note: Note): Context {
  const active = contexts.active();
  try {
    return withFields(active, fields);
  } catch (error) {
    note("tracing.context", error);
    return active;
  }
}
