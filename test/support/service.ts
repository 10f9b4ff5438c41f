import type { AddressInfo, Server, Socket } from "node:net";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import { expect, onTestFinished } from "vitest";
import { createObservability, type Observability, type ObservabilityOptions } from "../../src/index.js";
import { parseExposition, type Sample, table } from "./exposition.js";

/** One line of the log, parsed. */
export type LogLine = Readonly<Record<string, unknown>>;

/** An observability and everything that came out of it. */
export interface Observed {
  readonly obs: Observability;
  /** Spans that ended, in that order. */
  readonly spans: readonly ReadableSpan[];
  /** Lines that were logged. */
  readonly lines: readonly LogLine[];
  /** The exposition now. */
  samples(): Promise<Sample[]>;
  /** `http_requests_total` as `{ "GET /users/:id 200": 2 }`. */
  requests(): Promise<Record<string, number>>;
  /** The access log. */
  accessLog(): LogLine[];
  /** Waits until no request is in flight and `count` have been counted, then returns {@link requests}. */
  settled(count: number): Promise<Record<string, number>>;
}

/** Makes an observability that lives as long as the test; outgoing requests are left alone unless asked for. */
export function observe(options: ObservabilityOptions = {}): Observed {
  const spans: ReadableSpan[] = [];
  const lines: LogLine[] = [];
  const obs = createObservability({
    service: "test",
    logging: { level: "info", destination: { write: (line: string) => void lines.push(JSON.parse(line)) } },
    tracing: { exporter: keeping(spans) },
    ...options,
    http: { outgoing: false, ...options.http },
  });
  onTestFinished(() => obs.close());
  const samples = async () => parseExposition(await obs.metrics.registry.metrics());
  const requests = async () => table(await samples(), "http_requests_total", ["method", "route", "status"]);
  return {
    obs,
    spans,
    lines,
    samples,
    requests,
    accessLog: () => lines.filter((line) => line["event"] === "http_request"),
    async settled(count) {
      await expect.poll(async () => sum(await requests()), PATIENCE).toBe(count);
      await expect
        .poll(async () => sum(table(await samples(), "http_requests_in_flight", ["method"])), PATIENCE)
        .toBe(0);
      return requests();
    },
  };
}

/** For `expect.poll`: the machine that runs the tests may be busy. */
export const PATIENCE: { readonly timeout: number; readonly interval: number } = {
  timeout: 10_000,
  interval: 10,
};

/** A span processor, for it is told of a span at once where an exporter waits for a batch. */
function keeping(spans: ReadableSpan[]): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: (span) => void spans.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Where a server can be reached. */
export interface Address {
  readonly port: number;
  readonly url: string;
}

/** Listens on a free port of 127.0.0.1 until the test is over; then every connection is cut. */
export async function listen(server: Server, scheme = "http"): Promise<Address> {
  const cut = trackConnections(server);
  onTestFinished(async () => {
    cut();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `${scheme}://127.0.0.1:${port}` };
}

/** Keeps the connections of a server and returns what cuts them all, upgraded ones and HTTP/2 sessions included. */
export function trackConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}
