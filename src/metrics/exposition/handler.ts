import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";
import type { ExpositionFormat, PipeOptions } from "../types.js";
import { negotiate } from "./accept.js";
import { CONTENT_TYPES } from "./content-types.js";
import { parseScrapeQuery } from "./scrape-query.js";
import {
  answerTimeoutMs,
  recordOf,
  type ScrapeRecord,
  type ScrapeUnderWay,
  watchAnswer,
} from "./scrape-record.js";
import type { TakeSlot } from "./scrape-slots.js";

/** Options of a metrics endpoint. */
export interface MetricsHandlerOptions {
  /** Decides who may read; a throw or anything but true is answered with 401. Default: everybody who reaches the port. */
  readonly authorize?: (req: IncomingMessage) => boolean | Promise<boolean>;
}

/** Answers a scrape. Takes the request and reply of node:http, Express or Fastify. */
export type MetricsHandler = (req: object, res: object) => Promise<void>;

/** What a handler is made from. */
export interface ExpositionSource {
  /** The format for whoever does not say which. */
  readonly format: ExpositionFormat;
  /** Writes the whole exposition and ends the stream; rests between pieces, so that a long one holds nobody up. */
  pipeTo(writable: Writable, options: PipeOptions): Promise<void>;
  /** Told before an answer, so that scrapes stay out of what is observed. */
  onServe(req: object): void;
  /** Bounds the answers written at once. */
  readonly takeSlot: TakeSlot;
  /** Told of each scrape when it is over. */
  onScrape(scrape: ScrapeRecord): void;
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
      await serve(source, req, res);
    } catch (error) {
      source.onFault(error);
      if (!res.headersSent)
        answer(res, 500, { body: "The exposition failed; see telltale_errors_total and the log.\n" });
      else res.destroy();
    }
  };
}

async function serve(source: ExpositionSource, req: IncomingMessage, res: ServerResponse): Promise<void> {
  // Its client left while it was asked whether it may read.
  if (res.destroyed) return;
  const startedAtMs = performance.now();
  const { names, complaint } = parseScrapeQuery(req.url);
  if (complaint !== undefined) return answer(res, 400, { body: `${complaint}\n` });
  const format = negotiate(req.headers.accept, source.format);
  const isZipped = acceptsGzip(req.headers["accept-encoding"]);
  if (req.method === "HEAD") return void res.writeHead(200, headersOf(format, isZipped)).end();
  const giveBack = source.takeSlot();
  if (giveBack === undefined) {
    source.onScrape({ format, outcome: "refused", seconds: 0, sizeBytes: undefined });
    return answer(res, 503, { body: "Too many scrapes at once.\n", headers: { "retry-after": "1" } });
  }
  const scrape: ScrapeUnderWay = { format, sizeBytes: () => 0, hasFailed: false };
  watchAnswer(res, answerTimeoutMs(req.headers), () => {
    giveBack();
    source.onScrape(recordOf(scrape, res, startedAtMs));
  });
  res.writeHead(200, headersOf(format, isZipped));
  try {
    await source.pipeTo(bodyOf(res, isZipped, scrape), names === undefined ? { format } : { format, names });
  } catch (error) {
    scrape.hasFailed = true;
    throw error;
  }
}

function headersOf(format: ExpositionFormat, isZipped: boolean): Record<string, string> {
  return {
    ...FIXED,
    "content-type": CONTENT_TYPES[format],
    vary: "Accept, Accept-Encoding",
    ...(isZipped ? { "content-encoding": "gzip" } : {}),
  };
}

// Level 1: the page is repetitive, and level 6 costs three times as much for a tenth less.
const GZIP_LEVEL = 1;

function bodyOf(res: ServerResponse, isZipped: boolean, scrape: ScrapeUnderWay): Writable {
  if (!isZipped) {
    const { socket } = res;
    const before = socket?.bytesWritten ?? 0;
    scrape.sizeBytes = () => (socket?.bytesWritten ?? before) - before;
    return res;
  }
  const gzip = createGzip({ level: GZIP_LEVEL });
  scrape.sizeBytes = () => gzip.bytesWritten;
  res.on("close", () => gzip.destroy());
  gzip.pipe(res);
  return gzip;
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
