import type { Exchange } from "./exchange.js";

// Bodies that stay open by design: server-sent events, JSON lines, multipart push (MJPEG), gRPC-Web.
const STREAM_TYPES =
  /^(?:text\/event-stream|application\/(?:x-ndjson|ndjson|jsonl|stream\+json|grpc)|multipart\/x-mixed-replace)/i;

/** True when the headers that just left announce an open-ended body. */
export function announcesStream(exchange: Exchange): boolean {
  const type = headerOf(exchange, "content-type");
  return typeof type === "string" && STREAM_TYPES.test(type);
}

/** True when a body without a length stayed open longer than `afterMs` past its headers. */
export function provedStream(exchange: Exchange, afterMs: number): boolean {
  const { headersAt, endedAt } = exchange;
  return (
    headersAt !== 0 && endedAt - headersAt > afterMs && headerOf(exchange, "content-length") === undefined
  );
}

function headerOf({ res, headers }: Exchange, name: string): unknown {
  return res.getHeader(name) ?? givenHeader(headers, name);
}

// Node keeps what writeHead() is given out of getHeader() where no header was set before it.
function givenHeader(headers: unknown, name: string): unknown {
  if (typeof headers !== "object" || headers === null) return undefined;
  if (Array.isArray(headers)) return headerIn(headers.flat(), name);
  const given = headers as Readonly<Record<string, unknown>>;
  // Fastify writes all its headers so, in lower case: looked up, not walked.
  if (given[name] !== undefined) return given[name];
  const key = Object.keys(given).find((each) => each.toLowerCase() === name);
  return key === undefined ? undefined : given[key];
}

function headerIn(flat: readonly unknown[], name: string): unknown {
  const at = flat.findIndex((item, i) => i % 2 === 0 && String(item).toLowerCase() === name);
  return at < 0 ? undefined : flat[at + 1];
}
