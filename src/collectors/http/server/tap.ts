import type { RequestLike, ResponseLike } from "../targets/shapes.js";
import { byteLength } from "./byte-length.js";
import type { Exchange } from "./exchange.js";
import { createOwnTaps } from "./own-taps.js";
import { createPipelineWatch } from "./pipeline.js";
import { type Cover, type Covers, createCovers } from "./response-covers.js";
import type { Slots } from "./slots.js";

/** Listens to responses and their requests. */
export interface Tap {
  (exchange: Exchange): void;
  /** Leaves the responses of a prototype alone again. */
  release(responses: ResponseLike): void;
}

/**
 * Makes what listens to one response and its request. Where a framework gives its responses a prototype, that is tapped
 * once; any other response gets methods of its own. On Node 20 and 22 each Express response has a hidden class of its
 * own, to which three properties cost 15 µs.
 */
export function createTap(slots: Slots): Tap {
  const watchPipeline = createPipelineWatch();
  const tapOwn = createOwnTaps();
  const covers = createCovers((res) => {
    const exchange = slots.find(res.req ?? res);
    return exchange?.isShared === true ? exchange : undefined;
  });

  function tap(exchange: Exchange): void {
    const { framework, req } = exchange;
    const shared = framework?.responsesOf?.(req);
    if (shared === undefined) tapOwn(exchange);
    else tapShared(exchange, covers.of(shared), covers);
    watchPipeline(exchange);
    if (mayHaveBody(req)) tapRequest(exchange, req);
  }

  return Object.assign(tap, { release: covers.release });
}

function tapShared(exchange: Exchange, cover: Cover, covers: Covers): void {
  exchange.isShared = true;
  cover.enter();
  exchange.res.on("close", () => {
    if (hasPassedBy(exchange)) catchUp(exchange, covers);
    exchange.close();
    cover.leave();
  });
}

// A handler passed the request to another app by hand (vhost does): Express gave the response that app's prototype.
function hasPassedBy({ headersAt, res }: Exchange): boolean {
  return headersAt === 0 && res.headersSent;
}

// Covers the other app for the requests to come. Of this one only what the headers tell is known.
function catchUp(exchange: Exchange, covers: Covers): void {
  const shared = exchange.framework?.responsesOf?.(exchange.req);
  if (shared !== undefined) covers.of(shared);
  exchange.sentBytes = Number(exchange.res.getHeader("content-length")) || 0;
  exchange.headersOut();
}

function tapRequest(exchange: Exchange, req: RequestLike): void {
  const { push } = req;
  req.push = (chunk, encoding) => {
    exchange.receivedBytes += byteLength(chunk, encoding);
    return push.call(req, chunk, encoding);
  };
}

function mayHaveBody(req: RequestLike): boolean {
  const { headers } = req;
  return (
    headers["transfer-encoding"] !== undefined ||
    headers["content-length"] !== undefined ||
    req.httpVersion === "2.0"
  );
}
