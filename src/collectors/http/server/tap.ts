import type { RequestLike, ResponseLike } from "../targets/shapes.js";
import type { Exchange } from "./exchange.js";
import { createPipelineWatch } from "./pipeline.js";

/**
 * Makes the function that listens to one response and its request, by own properties over their methods. Closures rather
 * than one set of methods for all: on Node 20 and 22 each Express response has a hidden class of its own, where finding
 * the exchange through a property costs more than making the closure.
 */
export function createTap(): (exchange: Exchange) => void {
  const watchPipeline = createPipelineWatch();
  return (exchange) => {
    tapResponse(exchange, exchange.res);
    watchPipeline(exchange);
    if (mayHaveBody(exchange.req)) tapRequest(exchange, exchange.req);
  };
}

function tapResponse(exchange: Exchange, res: ResponseLike): void {
  const { write, end, writeHead } = res;

  res.write = (chunk, encoding, callback) => {
    if (!res.writableEnded) exchange.sentBytes += byteLength(chunk, encoding);
    const result = write.call(res, chunk, encoding, callback);
    exchange.headersOut();
    return result;
  };
  res.end = (chunk, encoding, callback) => {
    const before = res.writableEnded ? -1 : exchange.sentBytes;
    const result = end.call(res, chunk, encoding, callback);
    // HTTP/2 and Fastify's inject() pass the last chunk on to write(), which has counted it then.
    if (exchange.sentBytes === before) exchange.sentBytes += byteLength(chunk, encoding);
    exchange.headersOut();
    return result;
  };
  res.writeHead = (status, reason, headers) => {
    const result = writeHead.call(res, status, reason, headers);
    exchange.headers = headers ?? reason;
    exchange.headersOut();
    return result;
  };
  res.on("close", () => exchange.close());
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

function byteLength(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === "string")
    return Buffer.byteLength(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8");
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : 0;
}
