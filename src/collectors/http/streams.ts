import type { Exchange } from "./exchange.js";

// Bodies that stay open by design: server-sent events, JSON lines, multipart push (MJPEG), gRPC-Web.
const STREAM_TYPES = /^(?:text\/event-stream|application\/(?:x-ndjson|ndjson|jsonl|stream\+json|grpc)|multipart\/x-mixed-replace)/i;

/** True when the headers that just left announce an open-ended body. */
export function announcesStream(exchange: Exchange): boolean {
  const type = exchange.res.getHeader("content-type");
  return typeof type === "string" && STREAM_TYPES.test(type);
}

/** True when a body without a length stayed open longer than `afterMs` past its headers. */
export function provedStream(exchange: Exchange, now: number, afterMs: number): boolean {
  return exchange.headersAt !== 0 && now - exchange.headersAt > afterMs && exchange.res.getHeader("content-length") === undefined;
}
