import { AsyncLocalStorage } from "node:async_hooks";
import diagnosticsChannel from "node:diagnostics_channel";
import {
  type Context,
  type ContextManager,
  context,
  createContextKey,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  trace,
} from "@opentelemetry/api";
import { bind } from "./bind.js";
import { fieldsOf, type LineFields } from "./fields.js";
import { claim, foreign } from "./globals.js";

const ALS: symbol = Symbol.for("telltale.als");
const SPAN_KEY: symbol = createContextKey("OpenTelemetry Context Key SPAN");
const SUPPRESS_KEY: symbol = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** The root context with tracing suppressed, for work of our own such as an export. */
export const SUPPRESSED_ROOT: Context = ROOT_CONTEXT.setValue(SUPPRESS_KEY, true);

/** True inside work that must make no spans, such as an export. */
export function isTracingSuppressed(ctx: Context): boolean {
  return ctx.getValue(SUPPRESS_KEY) === true;
}

/** What a log line can tell of the work under way; a text is empty and the flags 0 where there is nothing to tell. */
export interface LineIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly requestId: string;
}

/** Writes ids as JSON members, each with a comma before it. Always the same function, for what it wrote is kept. */
export type WriteIds = (ids: LineIds) => string;

/** The context of one request or message: an OpenTelemetry context that also knows its request id and its part of a log line. */
export class RequestContext implements Context {
  readonly parent: Context;
  readonly span: Span | undefined;
  readonly requestId: string;
  #logChunk = "";
  #writtenBy: WriteIds | undefined;

  /** `requestId` may be empty: then log lines carry none. */
  constructor(parent: Context, span: Span | undefined, requestId: string) {
    this.parent = parent;
    this.span = span;
    this.requestId = requestId;
  }

  /** What `write` makes of the ids for a log line, such as `,"trace_id":"…","span_id":"…"`; made once for a writer. */
  logChunk(write: WriteIds): string {
    if (this.#writtenBy !== write) {
      this.#logChunk = write(idsOf(this.span, this.requestId));
      this.#writtenBy = write;
    }
    return this.#logChunk;
  }

  getValue(key: symbol): unknown {
    return key === SPAN_KEY ? this.span : this.parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === SPAN_KEY) return new RequestContext(this.parent, value as Span | undefined, this.requestId);
    return new RequestContext(this.parent.setValue(key, value), this.span, this.requestId);
  }

  deleteValue(key: symbol): Context {
    if (key === SPAN_KEY) return new RequestContext(this.parent, undefined, this.requestId);
    return new RequestContext(this.parent.deleteValue(key), this.span, this.requestId);
  }
}

function idsOf(span: Span | undefined, requestId: string): LineIds {
  const ids = span?.spanContext();
  if (ids === undefined || !isSpanContextValid(ids))
    return { traceId: "", spanId: "", traceFlags: 0, requestId };
  return { traceId: ids.traceId, spanId: ids.spanId, traceFlags: ids.traceFlags, requestId };
}

/** Which context is active, and how to make one so. */
export interface Contexts {
  /** The active context; the root context outside of any. */
  active(): Context;
  /** Calls `fn` with `ctx` active for it and for all it starts; returns or throws what `fn` does. */
  run<A extends unknown[], R>(
    ctx: Context,
    fn: (...args: A) => R,
    ...rest: [thisArg?: unknown, ...args: A]
  ): R;
  /** Makes `ctx` active for the rest of the running turn and all it starts; undefined: none. For hooks that call nothing. */
  enter(ctx: Context | undefined): void;
  /** Runs what `channel` runs with a message in the context that `contextOf` answers for it; one such binding a channel. */
  follow<M>(channel: string, contextOf: (message: M) => Context | undefined): () => void;
  /** A function that always runs in `ctx`; an emitter whose later listeners do. */
  bind<T>(ctx: Context, target: T): T;
  /** The active context's part of a log line as `write` tells it; empty outside. */
  logChunk(write: WriteIds): string;
  /** Flags of the active span; undefined where there is none. */
  traceFlags(): number | undefined;
  /** The fields that the active context's log lines carry; the same object for the same context. */
  fields(): LineFields | undefined;
}

function storage(): AsyncLocalStorage<Context> {
  const host = globalThis as { [key: symbol]: unknown };
  host[ALS] ??= new AsyncLocalStorage<Context>();
  return host[ALS] as AsyncLocalStorage<Context>;
}

const als: AsyncLocalStorage<Context> = storage();

function active(): Context {
  const stranger = foreign("context");
  return stranger === undefined ? (als.getStore() ?? ROOT_CONTEXT) : stranger.active();
}

function run<A extends unknown[], R>(
  ctx: Context,
  fn: (...args: A) => R,
  ...rest: [thisArg?: unknown, ...args: A]
): R {
  const stranger = foreign("context");
  // The way of each request through Express: taking the rest apart would cost more than the storage itself.
  if (stranger === undefined && rest.length === 0) return als.run(ctx, fn as () => R);
  const [thisArg, ...args] = rest as [unknown, ...A];
  if (stranger !== undefined) return als.run(ctx, () => stranger.with(ctx, () => fn.apply(thisArg, args)));
  return thisArg === undefined ? als.run(ctx, fn, ...args) : als.run(ctx, () => fn.apply(thisArg, args));
}

function enter(ctx: Context | undefined): void {
  if (als.getStore() !== ctx) als.enterWith(ctx as Context);
}

function follow<M>(channel: string, contextOf: (message: M) => Context | undefined): () => void {
  const followed = diagnosticsChannel.channel(channel);
  followed.bindStore(als, (message) => (contextOf(message as M) ?? als.getStore()) as Context);
  return () => void followed.unbindStore(als);
}

function logChunk(write: WriteIds): string {
  const ctx = foreign("context")?.active() ?? als.getStore();
  if (ctx === undefined || ctx === ROOT_CONTEXT) return "";
  // By name, not by class: the context may come from another copy of this package.
  const own: unknown = Reflect.get(ctx, "logChunk");
  if (typeof own === "function") return String(Reflect.apply(own, ctx, [write]));
  const span = trace.getSpan(ctx);
  return span === undefined ? "" : write(idsOf(span, ""));
}

/** The contexts of this process, shared by every telltale instance and by OpenTelemetry. */
export const contexts: Contexts = {
  active,
  run,
  enter,
  follow,
  bind: (ctx, target) => bind(run, ctx, target),
  logChunk,
  traceFlags: () => trace.getSpan(active())?.spanContext().traceFlags,
  fields: () => fieldsOf(active()),
};

function contextManager(): ContextManager {
  const manager: ContextManager = {
    active,
    with: (ctx, fn, ...rest) => run(ctx, fn, ...rest),
    bind: contexts.bind,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

/** Makes {@link contexts} the context manager of OpenTelemetry unless there is one; returns the idempotent release. */
export function installContextManager(): () => void {
  const manager = contextManager();
  return claim("context", {
    register: () => context.setGlobalContextManager(manager),
    unregister: () => context.disable(),
  });
}
