import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { createCatalog } from "../src/catalog.js";
import { createMetrics } from "../src/metrics/index.js";
import { createOperation, type OperationSpec } from "../src/operation.js";
import { createTracing } from "../src/tracing/index.js";

const SPEC: OperationSpec = {
  total: { name: "errands_total", help: "Errands." },
  duration: { name: "errand_duration_seconds", help: "Time.", buckets: [0.1, 1] },
  inFlight: { name: "errands_in_flight", help: "Running." },
  errors: { name: "errand_errors_total", help: "Failed." },
  startLabels: ["shop"],
  endLabels: ["outcome"],
  spanKind: SpanKind.CLIENT,
};

function setUp() {
  const spans: {
    name: string;
    kind: SpanKind;
    attributes: object;
    status: { code: SpanStatusCode };
    events: { name: string }[];
  }[] = [];
  const onEnd = (span: unknown): void => void spans.push(span as (typeof spans)[number]);
  const idle = (): Promise<void> => Promise.resolve();
  const exporter = { onStart: () => undefined, onEnd, forceFlush: idle, shutdown: idle };
  const tracing = createTracing(
    { service: "x", exporter, sampleRatio: 1, headers: {}, resource: {} },
    (part, error) => {
      throw new Error(part, { cause: error });
    },
  );
  const metrics = createMetrics({ prefix: "", labels: {}, maxSeriesPerFamily: 10 });
  const catalog = createCatalog(metrics);
  const operation = createOperation(SPEC, catalog.for("errands"), {
    tracer: tracing.tracer,
    exemplarOf: () => undefined,
  });
  const lines = async (): Promise<string[]> =>
    (await metrics.text())
      .split("\n")
      .filter((line) => /^errand/.test(line) && !line.includes("_bucket") && !line.includes("_sum"));
  return { operation, catalog, spans, lines, close: () => tracing.close() };
}

test("a success gives one count, one duration, a gauge back at zero and one span", async () => {
  const { operation, spans, lines, close } = setUp();
  const running = operation.start({ labels: ["baker"], spanName: "buy", parent: ROOT_CONTEXT });
  expect((await lines()).map((line) => line.replace(/ +/g, " "))).toContain(
    'errands_in_flight{shop="baker"} 1',
  );
  running.end({ labels: ["ok"], attributes: () => ({ bread: 2 }) });
  expect((await lines()).map((line) => line.replace(/ +/g, " ")).sort()).toEqual([
    'errand_duration_seconds_count{shop="baker",outcome="ok"} 1',
    'errands_in_flight{shop="baker"} 0',
    'errands_total{shop="baker",outcome="ok"} 1',
  ]);
  expect(spans).toMatchObject([
    {
      name: "buy",
      kind: SpanKind.CLIENT,
      attributes: { bread: 2 },
      status: { code: SpanStatusCode.UNSET },
      events: [],
    },
  ]);
  await close();
});

test("a failure adds its class to the errors and to the span, with the exception", async () => {
  const { operation, spans, lines, close } = setUp();
  operation
    .start({ labels: ["baker"], spanName: "buy", parent: ROOT_CONTEXT })
    .end({ labels: ["error"], error: "closed", cause: new Error("sold out") });
  expect((await lines()).map((line) => line.replace(/ +/g, " "))).toContain(
    'errand_errors_total{shop="baker",error="closed"} 1',
  );
  expect(spans).toMatchObject([
    {
      attributes: { "error.type": "closed" },
      status: { code: SpanStatusCode.ERROR },
      events: [{ name: "exception" }],
    },
  ]);
  await close();
});

test("ends once, however often it is told", async () => {
  const { operation, spans, lines, close } = setUp();
  const running = operation.start({ labels: ["baker"], spanName: "buy", parent: ROOT_CONTEXT });
  running.end({ labels: ["ok"] });
  running.end({ labels: ["error"], error: "late" });
  expect(await lines()).toHaveLength(3);
  expect(spans).toHaveLength(1);
  await close();
});

test("is given up without a count, with its span ended and the gauge back at zero", async () => {
  const { operation, spans, lines, close } = setUp();
  const running = operation.start({ labels: ["baker"], spanName: "buy", parent: ROOT_CONTEXT });
  running.drop();
  running.drop();
  running.end({ labels: ["ok"] });
  expect((await lines()).map((line) => line.replace(/ +/g, " "))).toEqual([
    'errands_in_flight{shop="baker"} 0',
  ]);
  expect(spans).toHaveLength(1);
  await close();
});

test("its context carries its span, for what it calls in turn", async () => {
  const { operation, close } = setUp();
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: "1".repeat(32),
    spanId: "2".repeat(16),
    traceFlags: 1,
  });
  const running = operation.start({ labels: ["baker"], spanName: "buy", parent });
  const inner = context.with(running.context, () => trace.getActiveSpan()?.spanContext());
  expect(inner).toMatchObject({ traceId: "1".repeat(32), spanId: running.span.spanContext().spanId });
  await close();
});

test("every family it exports is in the catalog, with unit, labels and owner", async () => {
  const { catalog, close } = setUp();
  expect(catalog.entries).toMatchObject([
    { name: "errands_total", type: "counter", owner: "errands", labels: ["shop", "outcome"] },
    { name: "errand_duration_seconds", type: "histogram", unit: "seconds", buckets: [0.1, 1] },
    { name: "errands_in_flight", type: "gauge", labels: ["shop"] },
    { name: "errand_errors_total", labels: ["shop", "error"] },
  ]);
  await close();
});
