import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Context,
  type ContextManager,
  context,
  createContextKey,
  ROOT_CONTEXT,
  type Span,
  trace,
} from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { writeJsonIds } from "../../src/logging/formats/json.js";
import {
  contexts,
  installContextManager,
  isTracingSuppressed,
  RequestContext,
  SUPPRESSED_ROOT,
} from "../../src/tracing/context.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const KEY = createContextKey("test");

function spanOf(spanId: string): Span {
  return trace.wrapSpanContext({ traceId: TRACE, spanId, traceFlags: 1 });
}

const server = spanOf("00f067aa0ba902b7");
const child = spanOf("53995c3f42cd8ad8");

/** A context manager as another SDK would register, over a storage of its own. */
function strangerManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (ctx, fn, thisArg, ...args) => storage.run(ctx, () => fn.apply(thisArg, args)),
    bind: (_ctx, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

afterEach(() => context.disable());

describe("RequestContext", () => {
  it("answers OpenTelemetry's span key from its field and other keys from its parent", () => {
    const ctx = new RequestContext(ROOT_CONTEXT.setValue(KEY, "kept"), server, "r1");
    expect(trace.getSpan(ctx)).toBe(server);
    expect(ctx.getValue(KEY)).toBe("kept");
  });

  it("hides a span that its parent has", () => {
    const parent = trace.setSpan(ROOT_CONTEXT, server);
    expect(trace.getSpan(new RequestContext(parent, undefined, ""))).toBeUndefined();
  });

  it("writes its ids as a fragment of JSON", () => {
    const line = `{"level":"INFO"${new RequestContext(ROOT_CONTEXT, server, 'a"b\n').logChunk(writeJsonIds)}}`;
    expect(JSON.parse(line)).toEqual({
      level: "INFO",
      trace_id: TRACE,
      span_id: "00f067aa0ba902b7",
      request_id: 'a"b\n',
    });
  });

  it("leaves out what it does not have", () => {
    const invalid = trace.wrapSpanContext({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 });
    expect(new RequestContext(ROOT_CONTEXT, undefined, "").logChunk(writeJsonIds)).toBe("");
    expect(new RequestContext(ROOT_CONTEXT, invalid, "").logChunk(writeJsonIds)).toBe("");
    expect(new RequestContext(ROOT_CONTEXT, undefined, "r1").logChunk(writeJsonIds)).toBe(
      ',"request_id":"r1"',
    );
  });

  it("asks its span for the ids once, however many lines are logged", () => {
    let asked = 0;
    const counting = Object.assign(Object.create(server) as Span, {
      spanContext() {
        asked++;
        return server.spanContext();
      },
    });
    const ctx = new RequestContext(ROOT_CONTEXT, counting, "r1");
    expect(
      [ctx.logChunk(writeJsonIds), ctx.logChunk(writeJsonIds), ctx.logChunk(writeJsonIds)].every((chunk) =>
        chunk.includes(TRACE),
      ),
    ).toBe(true);
    expect(asked).toBe(1);
  });

  it("gives a child span's ids to the log and keeps the request id", () => {
    const ctx = trace.setSpan(new RequestContext(ROOT_CONTEXT, server, "r1"), child) as RequestContext;
    expect(ctx.logChunk(writeJsonIds)).toBe(
      `,"trace_id":"${TRACE}","span_id":"53995c3f42cd8ad8","request_id":"r1"`,
    );
  });

  it("keeps request id and span when another value is set or deleted", () => {
    const ctx = new RequestContext(ROOT_CONTEXT, server, "r1");
    const set = ctx.setValue(KEY, 1) as RequestContext;
    const deleted = set.deleteValue(KEY) as RequestContext;
    expect([set.getValue(KEY), deleted.getValue(KEY), ctx.getValue(KEY)]).toEqual([1, undefined, undefined]);
    expect([set.logChunk(writeJsonIds), deleted.logChunk(writeJsonIds)]).toEqual([
      ctx.logChunk(writeJsonIds),
      ctx.logChunk(writeJsonIds),
    ]);
  });

  it("loses its span only when the span is deleted", () => {
    const ctx = trace.deleteSpan(new RequestContext(trace.setSpan(ROOT_CONTEXT, child), server, "r1"));
    expect(trace.getSpan(ctx)).toBeUndefined();
    expect((ctx as RequestContext).logChunk(writeJsonIds)).toBe(',"request_id":"r1"');
  });
});

describe("contexts", () => {
  it("is the root context and an empty chunk outside", () => {
    expect(contexts.active()).toBe(ROOT_CONTEXT);
    expect(contexts.logChunk(writeJsonIds)).toBe("");
  });

  it("holds through timers and promises, and ends with the call", async () => {
    const ctx = new RequestContext(ROOT_CONTEXT, server, "r1");
    const seen = contexts.run(ctx, async () => {
      await sleep(1);
      return [contexts.active(), contexts.logChunk(writeJsonIds)];
    });
    expect(contexts.active()).toBe(ROOT_CONTEXT);
    expect(await seen).toEqual([ctx, ctx.logChunk(writeJsonIds)]);
  });

  it("passes this, arguments, result and error through", () => {
    function add(this: { base: number }, a: number, b: number): number {
      return this.base + a + b;
    }
    expect(contexts.run(SUPPRESSED_ROOT, add as (a: number, b: number) => number, { base: 1 }, 2, 3)).toBe(6);
    expect(contexts.run(SUPPRESSED_ROOT, (a: number) => a * 2, undefined, 4)).toBe(8);
    expect(() =>
      contexts.run(SUPPRESSED_ROOT, () => {
        throw new RangeError("mine");
      }),
    ).toThrow(RangeError);
  });

  it("writes the ids of a plain OpenTelemetry context too", () => {
    contexts.run(trace.setSpan(ROOT_CONTEXT, child), () => {
      expect(contexts.logChunk(writeJsonIds)).toBe(`,"trace_id":"${TRACE}","span_id":"53995c3f42cd8ad8"`);
    });
  });

  it("knows suppressed work from other work", () => {
    expect(isTracingSuppressed(SUPPRESSED_ROOT)).toBe(true);
    expect(isTracingSuppressed(new RequestContext(SUPPRESSED_ROOT, server, ""))).toBe(true);
    expect(isTracingSuppressed(ROOT_CONTEXT)).toBe(false);
  });

  it("is one per process, also for another copy of the package", () => {
    const als = Reflect.get(globalThis, Symbol.for("telltale.als")) as AsyncLocalStorage<Context>;
    const theirs = {
      ...SUPPRESSED_ROOT,
      getValue: () => undefined,
      logChunk: () => ',"request_id":"theirs"',
    };
    expect(als.run(theirs as unknown as Context, () => contexts.logChunk(writeJsonIds))).toBe(
      ',"request_id":"theirs"',
    );
  });
});

describe("installContextManager", () => {
  it("lets the service's own spans nest under ours, and our logs see theirs", () => {
    const release = installContextManager();
    const ctx = new RequestContext(ROOT_CONTEXT, server, "r1");
    contexts.run(ctx, () => {
      expect(context.active()).toBe(ctx);
      context.with(trace.setSpan(context.active(), child), () => {
        expect(contexts.logChunk(writeJsonIds)).toContain('"span_id":"53995c3f42cd8ad8","request_id":"r1"');
      });
    });
    release();
  });

  it("calls with the receiver and arguments that context.with() was given", () => {
    const release = installContextManager();
    const receiver = { name: "receiver" };
    const got = context.with(
      ROOT_CONTEXT,
      function (this: unknown, a: number) {
        return [this, a];
      },
      receiver,
      7,
    );
    expect(got).toEqual([receiver, 7]);
    release();
  });

  it("stays while another instance lives, and goes with the last", () => {
    const ctx = new RequestContext(ROOT_CONTEXT, server, "r1");
    const sees = () => context.with(ctx, () => context.active()) === ctx;
    const first = installContextManager();
    const second = installContextManager();
    first();
    first();
    expect(sees()).toBe(true);
    second();
    expect(sees()).toBe(false);
  });

  it("leaves a manager that was there first, and sets the context in both", async () => {
    const manager = strangerManager();
    context.setGlobalContextManager(manager);
    const release = installContextManager();
    const ctx = new RequestContext(ROOT_CONTEXT, server, "r1");
    const als = Reflect.get(globalThis, Symbol.for("telltale.als")) as AsyncLocalStorage<Context>;
    const seen = await contexts.run(ctx, async () => {
      await sleep(1);
      return [manager.active(), als.getStore(), contexts.active()];
    });
    expect(seen).toEqual([ctx, ctx, ctx]);
    release();
    expect(context.with(ctx, () => context.active())).toBe(ctx);
  });

  it("reads the active context from the stranger, so that the service's spans reach our logs", () => {
    context.setGlobalContextManager(strangerManager());
    const release = installContextManager();
    contexts.run(new RequestContext(ROOT_CONTEXT, server, "r1"), () =>
      context.with(trace.setSpan(context.active(), child), () => {
        expect(trace.getSpan(contexts.active())).toBe(child);
        expect(contexts.logChunk(writeJsonIds)).toContain('"span_id":"53995c3f42cd8ad8","request_id":"r1"');
      }),
    );
    release();
  });
});
