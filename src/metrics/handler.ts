import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";

/** Options of a metrics endpoint. */
export interface MetricsHandlerOptions {
  /** Decides who may read; a throw or anything but true is answered with 401. Default: everybody who reaches the port. */
  readonly authorize?: (req: IncomingMessage) => boolean | Promise<boolean>;
}

/** Answers a scrape. Takes the request and reply of node:http, Express or Fastify. */
export type MetricsHandler = (req: object, res: object) => Promise<void>;

/** What a handler is made from. */
export interface ExpositionSource {
  readonly contentType: string;
  /** Writes the whole exposition and ends the stream; rests between pieces, so that a long one holds nobody up. */
  pipeTo(writable: Writable): Promise<void>;
  /** Told before an answer, so that scrapes stay out of what is observed. */
  onServe(req: object): void;
  /** Told when an exposition could not be made. */
  onFault(error: unknown): void;
}

const FIXED = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
const PLAIN = { "content-type": "text/plain; charset=utf-8" };

interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Makes the handler behind `GET /metrics`. GET and HEAD are answered, anything else with 405. */
export function createMetricsHandler(
  source: ExpositionSource,
  options: MetricsHandlerOptions = {},
): MetricsHandler {
  return async function telltaleMetrics(request, reply): Promise<void> {
    const { req, res } = unwrap(request, reply);
    source.onServe(req);
    try {
      if (req.method !== "GET" && req.method !== "HEAD")
        return answer(res, 405, { body: "Use GET.\n", headers: { allow: "GET, HEAD" } });
      if (!(await isAllowed(options, req))) return answer(res, 401, { body: "Not authorized.\n" });
      await expose(source, req, res);
    } catch (error) {
      source.onFault(error);
      if (!res.headersSent)
        answer(res, 500, { body: "The exposition failed; see telltale_errors_total and the log.\n" });
      else res.destroy();
    }
  };
}

// Level 1: the page is repetitive, and level 6 costs three times as much for a tenth less.
const GZIP_LEVEL = 1;

async function expose(source: ExpositionSource, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const isZipped = acceptsGzip(req.headers["accept-encoding"]);
  res.writeHead(200, {
    ...FIXED,
    "content-type": source.contentType,
    vary: "accept-encoding",
    ...(isZipped ? { "content-encoding": "gzip" } : {}),
  });
  if (req.method === "HEAD") return void res.end();
  if (!isZipped) return source.pipeTo(res);
  const gzip = createGzip({ level: GZIP_LEVEL });
  res.on("close", () => gzip.destroy());
  gzip.pipe(res);
  return source.pipeTo(gzip);
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(String(header ?? ""));
}

async function isAllowed(options: MetricsHandlerOptions, req: IncomingMessage): Promise<boolean> {
  if (options.authorize === undefined) return true;
  try {
    return (await options.authorize(req)) === true;
  } catch {
    return false;
  }
}

function answer(
  res: ServerResponse,
  status: number,
  { body, headers }: { body: string; headers?: Record<string, string> },
): void {
  res.writeHead(status, { ...PLAIN, ...FIXED, ...headers, "content-length": Buffer.byteLength(body) });
  res.end(body);
}

// Fastify hands over its own request and reply; hijack() tells it that the answer is made by hand.
function unwrap(request: object, reply: object): { req: IncomingMessage; res: ServerResponse } {
  if (!("raw" in request && "raw" in reply && "hijack" in reply))
    return { req: request as IncomingMessage, res: reply as ServerResponse };
  (reply as FastifyReply).hijack();
  return { req: request.raw as IncomingMessage, res: (reply as FastifyReply).raw };
}
