import type { Exchange } from "./exchange.js";
import { createPipelineWatch } from "./pipeline.js";
import type { RequestLike, ResponseLike } from "./shapes.js";

type Tapped<T> = T & { readonly [key: symbol]: Exchange };
type Chunk = Parameters<ResponseLike["write"]>[0];
type Encoding = Parameters<ResponseLike["write"]>[1];
type Callback = Parameters<ResponseLike["write"]>[2];

/**
 * Makes the function that listens to one response and request. The four methods are made once an instance and shadow
 * those of each response as own properties, so a request costs no closure; each calls what it shadows.
 */
export function createTap(key: symbol): (exchange: Exchange) => void {
  const watchPipeline = createPipelineWatch();

  function write(
    this: Tapped<ResponseLike>,
    chunk: Chunk,
    encoding?: Encoding,
    callback?: Callback,
  ): boolean {
    const exchange = this[key] as Exchange;
    if (!this.writableEnded) exchange.sentBytes += byteLength(chunk, encoding);
    const result = exchange.write.call(this, chunk, encoding, callback);
    exchange.headersOut();
    return result;
  }

  function end(this: Tapped<ResponseLike>, chunk?: Chunk, encoding?: Encoding, callback?: Callback): unknown {
    const exchange = this[key] as Exchange;
    const before = this.writableEnded ? -1 : exchange.sentBytes;
    const result = exchange.end.call(this, chunk, encoding, callback);
    // HTTP/2 and Fastify's inject() pass the last chunk on to write(), which has counted it then.
    if (exchange.sentBytes === before) exchange.sentBytes += byteLength(chunk, encoding);
    exchange.headersOut();
    return result;
  }

  function writeHead(
    this: Tapped<ResponseLike>,
    status: unknown,
    reason?: unknown,
    headers?: unknown,
  ): unknown {
    const exchange = this[key] as Exchange;
    const result = exchange.writeHead.call(this, status, reason, headers);
    exchange.headers = headers ?? reason;
    exchange.headersOut();
    return result;
  }

  function push(this: Tapped<RequestLike>, chunk: unknown, encoding?: BufferEncoding): boolean {
    const exchange = this[key] as Exchange;
    exchange.receivedBytes += byteLength(chunk, encoding);
    return (exchange.push as RequestLike["push"]).call(this, chunk, encoding);
  }

  function close(this: Tapped<ResponseLike>): void {
    (this[key] as Exchange).close();
  }

  return (exchange) => {
    const { req, res } = exchange;
    (res as unknown as { [key: symbol]: unknown })[key] = exchange;
    res.write = write as ResponseLike["write"];
    res.end = end as ResponseLike["end"];
    res.writeHead = writeHead as ResponseLike["writeHead"];
    res.on("close", close);
    watchPipeline(exchange);
    if (!mayHaveBody(req)) return;
    exchange.push = req.push;
    req.push = push as RequestLike["push"];
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
