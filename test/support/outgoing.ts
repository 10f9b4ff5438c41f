import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { SpanKind } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { expect } from "vitest";
import type { ObservabilityOptions } from "../../src/index.js";
import { table } from "./exposition.js";
import { type Address, listen, type Observed, observe, PATIENCE } from "./service.js";

/** An observability of what goes out. */
export interface ObservedCalls extends Observed {
  /** `http_client_requests_total` as `{ "GET 127.0.0.1:80 200": 1 }`. */
  calls(): Promise<Record<string, number>>;
  /** `http_client_errors_total` as `{ "GET 127.0.0.1:80 timeout": 1 }`. */
  errors(): Promise<Record<string, number>>;
  inFlight(): Promise<number>;
  /** Waits until no call is in flight and `count` have been counted, then returns {@link calls}. */
  callsSettled(count: number): Promise<Record<string, number>>;
  /** The CLIENT spans. */
  clientSpans(): ReadableSpan[];
}

type Outgoing = NonNullable<NonNullable<ObservabilityOptions["http"]>["outgoing"]>;

/** Makes an observability that lives as long as the test and observes outgoing requests. */
export function observeCalls(outgoing: Outgoing = true): ObservedCalls {
  const observed = observe({ http: { outgoing } });
  const read = async (name: string, labels: string[]) => table(await observed.samples(), name, labels);
  const calls = () => read("http_client_requests_total", ["method", "host", "status"]);
  const inFlight = async () => sum(await read("http_client_requests_in_flight", ["method", "host"]));
  return {
    ...observed,
    calls,
    errors: () => read("http_client_errors_total", ["method", "host", "error"]),
    inFlight,
    async callsSettled(count) {
      await expect.poll(async () => sum(await calls()), PATIENCE).toBe(count);
      await expect.poll(inFlight, PATIENCE).toBe(0);
      return calls();
    },
    clientSpans: () => observed.spans.filter(({ kind }) => kind === SpanKind.CLIENT),
  };
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** The server that is called, and what it was sent. */
export interface Callee extends Address {
  /** Host and port, as the label has them. */
  readonly host: string;
  readonly server: Server;
  /** The headers of each request, in order. */
  readonly heard: IncomingMessage["headers"][];
}

const ANSWERS: Readonly<Record<string, (req: IncomingMessage, res: ServerResponse) => unknown>> = {
  "/ok": (req, res) => req.resume().on("end", () => res.end("ok")),
  "/empty": (_req, res) => res.writeHead(204).end(),
  "/fails": (_req, res) => res.writeHead(503).end("no"),
  "/missing": (_req, res) => res.writeHead(404).end("no"),
  "/moved": (_req, res) => res.writeHead(302, { location: "/ok" }).end(),
  "/large": (_req, res) => res.end("x".repeat(1_000_000)),
  "/hangs": () => undefined,
  "/stalls": (_req, res) => void res.write("some"),
  "/cut": (req, res) => res.write("some", () => setImmediate(() => req.socket.destroy())),
  "/reset": (req) => req.socket.resetAndDestroy(),
  "/leaves": (req) => req.socket.end(),
  "/early": (_req, res) => {
    res.writeEarlyHints({ link: "</style.css>; rel=preload" });
    res.end("ok");
  },
};

/** Serves every ending that a call can have, by path. */
export async function serveCallee(): Promise<Callee> {
  const heard: IncomingMessage["headers"][] = [];
  const server = createServer((req, res) => {
    heard.push(req.headers);
    ANSWERS[new URL(req.url ?? "/", "http://x").pathname]?.(req, res);
  });
  const address = await listen(server);
  return { ...address, server, heard, host: `127.0.0.1:${address.port}` };
}

/** Answers every connection with `text`, whatever it is. */
export async function serveRaw(text: string): Promise<Address & { readonly host: string }> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write(text));
  });
  const address = await listen(server);
  return { ...address, host: `127.0.0.1:${address.port}` };
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  const { port } = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
