import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { observe } from "../support/service.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const PARENT = `00-${TRACE}-${SPAN}-01`;

afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

const spanOf = (ctx: Parameters<typeof trace.getSpanContext>[0]) => trace.getSpanContext(ctx);

describe("inject and extract", () => {
  const { traceparent } = { traceparent: new RegExp(`^00-${TRACE}-\\w{16}-01$`) };

  it.each<[string, object, (carrier: never) => unknown]>([
    ["a plain object", {}, (c: Record<string, string>) => c["traceparent"]],
    ["an object without a prototype", Object.create(null), (c: Record<string, string>) => c["traceparent"]],
    ["a Map", new Map(), (c: Map<string, string>) => c.get("traceparent")],
    ["Headers", new Headers(), (c: Headers) => c.get("traceparent")],
    ["URLSearchParams", new URLSearchParams(), (c: URLSearchParams) => c.get("traceparent")],
  ])("carry a trace in %s, there and back", (_what, carrier, read) => {
    const { obs } = observe();
    const sent = obs.withSpan("send", (span) => [obs.inject(carrier), span.spanContext()] as const, {
      parent: obs.extract({ traceparent: PARENT }),
    });
    expect(sent[0]).toBe(carrier);
    expect(read(carrier as never)).toMatch(traceparent);
    expect(spanOf(obs.extract(carrier))).toMatchObject({
      traceId: TRACE,
      spanId: sent[1].spanId,
      isRemote: true,
    });
  });

  it.each<[string, object]>([
    ["bytes, as Kafka has them", { traceparent: Buffer.from(PARENT) }],
    ["an array of bytes", { traceparent: [Buffer.from(PARENT)] }],
    ["another case", { TraceParent: PARENT }],
    ["a Map of bytes in another case", new Map([["Traceparent", new TextEncoder().encode(PARENT)]])],
  ])("a trace is found in %s", (_what, carrier) => {
    expect(spanOf(observe().obs.extract(carrier))?.traceId).toBe(TRACE);
  });

  it("use the setter and the getter of other transports, as functions or as OpenTelemetry has them", () => {
    const { obs } = observe();
    const pairs: [string, string][] = [];
    const set = (to: typeof pairs, name: string, value: string): void => void to.push([name, value]);
    const get = (from: typeof pairs, name: string) => from.find(([key]) => key === name)?.[1];
    obs.withSpan("send", () => obs.inject(pairs, set));
    obs.withSpan("send", () => obs.inject(pairs, { set }));
    expect(pairs.map(([name]) => name)).toEqual(["traceparent", "traceparent"]);
    const keys = (from: typeof pairs) => from.map(([name]) => name);
    for (const getter of [get, { get, keys }])
      expect(spanOf(obs.extract(pairs, getter))?.traceId).toBe(pairs[0]?.[1].slice(3, 35));
  });

  it.each([undefined, null, {}, [], new Map(), { traceparent: 7 }, { traceparent: "x".repeat(9000) }])(
    "of %j comes the root context, whatever is active",
    (carrier) => {
      const { obs } = observe();
      expect(spanOf(obs.withSpan("a", () => obs.extract(carrier as object)))).toBeUndefined();
    },
  );

  it("write nothing outside of a trace, and never throw: a fault is counted", async () => {
    const { obs, samples } = observe();
    expect(obs.inject({})).toEqual({});
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("hostile");
        },
        has: () => true,
        getOwnPropertyDescriptor() {
          throw new Error("hostile");
        },
      },
    );
    expect(obs.withSpan("a", () => Object.keys(obs.inject(Object.freeze({ a: 1 }))))).toEqual(["a"]);
    expect(spanOf(obs.extract(hostile))).toBeUndefined();
    const faults = (await samples()).filter(({ name }) => name === "telltale_errors_total");
    expect(faults.map(({ labels, value }) => [labels["part"], value])).toEqual([["tracing.propagation", 2]]);
  });
});

describe("startSpan", () => {
  it("starts a child of what is active, or of the parent given; the kinds go by name or number", () => {
    const { obs, spans } = observe();
    obs.withSpan("outer", () => {
      obs.startSpan("child", { kind: "client", attributes: { a: 1 } }).end();
      obs.startSpan("other", { parent: obs.extract({ traceparent: PARENT }), kind: SpanKind.CONSUMER }).end();
      obs.startSpan("root", { root: true }).end();
    });
    const [child, other, root, outer] = spans;
    expect(child?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect([child?.kind, child?.attributes]).toEqual([SpanKind.CLIENT, { a: 1 }]);
    expect([other?.parentSpanContext?.spanId, other?.kind]).toEqual([SPAN, SpanKind.CONSUMER]);
    expect([root?.parentSpanContext, outer?.kind]).toEqual([undefined, SpanKind.INTERNAL]);
  });

  it("never throws on nonsense: the fault is counted, and a span that does nothing returned", async () => {
    const { obs, samples } = observe();
    const span = obs.startSpan("a", { links: 7 } as never);
    expect(span.isRecording()).toBe(false);
    span.end();
    expect((await samples()).find(({ labels }) => labels["part"] === "tracing.span")?.value).toBe(1);
  });
});

describe("withSpan", () => {
  it("makes its span active for the work, and ends it with the work", async () => {
    const { obs, spans } = observe();
    const seen = await obs.withSpan("outer", async (outer) => {
      await obs.withSpan("inner", async () => undefined);
      return trace.getActiveSpan() === outer;
    });
    expect(seen).toBe(true);
    expect(spans.map(({ name }) => name)).toEqual(["inner", "outer"]);
    expect(spans[0]?.parentSpanContext?.spanId).toBe(spans[1]?.spanContext().spanId);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it("puts what is thrown on the span, and throws it on unchanged", async () => {
    const { obs, spans } = observe();
    const error = new RangeError("too far");
    await expect(obs.withSpan("a", () => Promise.reject(error))).rejects.toBe(error);
    const odd: unknown = Object.create(null);
    let caught: unknown;
    try {
      obs.withSpan("b", (): never => {
        throw odd;
      });
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBe(odd);
    const [a, b] = spans;
    expect([a?.status.code, a?.attributes["error.type"]]).toEqual([SpanStatusCode.ERROR, "RangeError"]);
    expect(a?.events[0]?.attributes?.["exception.message"]).toBe("too far");
    expect([b?.status.code, b?.attributes["error.type"]]).toEqual([SpanStatusCode.ERROR, "object"]);
  });

  it("leaves a span alone that the work has ended itself", () => {
    const { obs, spans, lines } = observe();
    obs.withSpan("a", (span) => span.end());
    expect([spans.length, lines]).toEqual([1, []]);
  });

  it("ends with a generator, whose body logs with the span's ids", async () => {
    const { obs, spans, lines } = observe();
    const numbers = obs.withSpan("numbers", async function* (span) {
      for (const n of [1, 2]) {
        obs.logger.info({ n }, "step");
        yield [n, span.spanContext().spanId];
      }
    });
    for await (const [n] of numbers) expect([n, spans.length]).toEqual([n, 0]);
    expect(lines.map(({ span_id }) => span_id)).toEqual([1, 2].map(() => spans[0]?.spanContext().spanId));
    expect(spans.map(({ name }) => name)).toEqual(["numbers"]);
  });

  it.each([false as const, { exporter: "none" as const }])(
    "runs the work with tracing %j too",
    async (tracing) => {
      const { obs } = observe({ tracing });
      expect(obs.withSpan("a", () => 7)).toBe(7);
      expect(await obs.withSpan("a", async () => obs.inject({}))).toEqual({});
      expect([
        ...obs.withSpan("a", function* () {
          yield 1;
        }),
      ]).toEqual([1]);
      const error = new Error("mine");
      await expect(obs.withSpan("a", () => Promise.reject(error))).rejects.toBe(error);
    },
  );

  it("gives the log lines of its work their ids where nothing is exported", () => {
    const { obs, lines } = observe({ tracing: { exporter: "none" } });
    obs.withSpan("a", (span) => {
      obs.logger.info("inside");
      expect(lines[0]).toMatchObject({ trace_id: span.spanContext().traceId });
    });
  });
});

describe("withContext", () => {
  it("puts fields on every line below, across awaits and spans, and on none after", async () => {
    const { obs, lines } = observe();
    const result = await obs.withContext({ userId: 7 }, async () => {
      obs.logger.info("one");
      await new Promise(setImmediate);
      await obs.withSpan("a", async () => obs.logger.component("db").info({ rows: 2 }, "two"));
      return "result";
    });
    obs.logger.info("three");
    expect(result).toBe("result");
    expect(lines.map(({ msg, userId, component }) => [msg, userId, component])).toEqual([
      ["one", 7, undefined],
      ["two", 7, "db"],
      ["three", undefined, undefined],
    ]);
    expect(lines[1]).toHaveProperty("trace_id");
  });

  it("adds to the fields of the work around it, and replaces what is named again", () => {
    const { obs, lines } = observe();
    obs.withContext({ userId: 1, tenant: "a" }, () => {
      obs.withContext({ tenant: "b", cart: 3 }, () => obs.logger.info("inner"));
      obs.logger.info("outer");
    });
    expect(lines.map(({ userId, tenant, cart }) => [userId, tenant, cart])).toEqual([
      [1, "b", 3],
      [1, "a", undefined],
    ]);
  });

  it("hides secrets by their names, and escapes the rest", () => {
    const { obs, lines } = observe();
    const fields = { password: "hunter2", nested: { apiKey: "k" }, odd: 'a"b\n\u2028', 'odd name"': 1 };
    obs.withContext(fields, () => obs.logger.info("line"));
    expect(lines[0]).toMatchObject({
      password: "[redacted]",
      nested: { apiKey: "[redacted]" },
      odd: 'a"b\n\u2028',
      'odd name"': 1,
    });
    expect(JSON.stringify(lines)).not.toContain("hunter2");
  });

  it("gives way to the fields of the line itself and to what every line has", () => {
    const { obs, lines } = observe();
    obs.withContext({ userId: 1, level: "mine", service: "mine" }, () =>
      obs.logger.info({ userId: 2 }, "line"),
    );
    expect(lines[0]).toMatchObject({ userId: 2, level: "info", service: "test" });
  });

  it("keeps the ids of the request", () => {
    const { obs, lines } = observe();
    obs.withSpan("a", (span) => {
      obs.withContext({ userId: 1 }, () => obs.logger.info("line"));
      expect(lines[0]).toMatchObject({ trace_id: span.spanContext().traceId, userId: 1 });
    });
  });

  it("keeps 64 fields at most, however deep", () => {
    const { obs, lines } = observe();
    const down = (depth: number): void => {
      if (depth === 200) obs.logger.info("bottom");
      else obs.withContext({ [`field${depth}`]: depth }, () => down(depth + 1));
    };
    down(0);
    expect(Object.keys(lines[0] ?? {}).filter((name) => name.startsWith("field"))).toHaveLength(64);
  });

  it("runs the work whatever the fields do, and counts the fault", async () => {
    const { obs, samples } = observe();
    const hostile = {
      get userId(): never {
        throw new Error("hostile");
      },
    };
    expect(obs.withContext(hostile, () => 7)).toBe(7);
    expect(obs.withContext(null as never, () => 8)).toBe(8);
    expect((await samples()).find(({ labels }) => labels["part"] === "tracing.context")?.value).toBe(1);
  });

  it("holds for the steps of a generator, and throws what the work throws", () => {
    const { obs, lines } = observe({ tracing: false });
    const steps = obs.withContext({ userId: 7 }, function* () {
      obs.logger.info("step");
      yield 1;
    });
    expect([...steps]).toEqual([1]);
    expect(lines[0]).toMatchObject({ userId: 7 });
    const error = new Error("mine");
    expect(() =>
      obs.withContext({}, () => {
        throw error;
      }),
    ).toThrow(error);
  });
});
