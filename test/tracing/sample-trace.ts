import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";

/** The ids of {@link makeTrace}'s spans. */
export interface SampleTrace {
  readonly traceId: string;
  readonly server: string;
  readonly query: string;
  readonly before: string;
}

/** A request with a failing query in it, and a link to what came before; attributes of every kind. */
export function makeTrace(tracer: Tracer): SampleTrace {
  const before = tracer.startSpan("before").spanContext();
  const server = tracer.startSpan("GET /rooms/:id", {
    kind: SpanKind.SERVER,
    root: true,
    links: [{ context: before }],
  });
  const query = tracer.startSpan("select", { kind: SpanKind.CLIENT }, trace.setSpan(ROOT_CONTEXT, server));
  query.setAttribute("db.system.name", "postgresql");
  query.recordException(new RangeError("no such room"));
  query.setStatus({ code: SpanStatusCode.ERROR, message: "no such room" });
  query.end();
  server.setAttributes({
    "http.route": "/rooms/:id",
    "http.response.status_code": 200,
    "app.cached": true,
    "app.ratio": 0.5,
    "app.tags": ["a", "ü"],
  });
  server.end();
  const { traceId, spanId } = server.spanContext();
  return { traceId, server: spanId, query: query.spanContext().spanId, before: before.spanId };
}
