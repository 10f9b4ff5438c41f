import type { ResponseLike } from "../targets/shapes.js";
import { byteLength } from "./byte-length.js";
import type { Exchange } from "./exchange.js";

/** The methods by which a response leaves. */
export type SendMethods = Pick<ResponseLike, "write" | "end" | "writeHead">;

/** Answers the exchange whose response this is, if any. */
export type ExchangeOf = (res: ResponseLike) => Exchange | undefined;

/** Methods in front of `methods`, which tell the exchange what leaves and when; for one response, or for a prototype of many. */
export function tapsOf({ write, end, writeHead }: SendMethods, exchangeOf: ExchangeOf): SendMethods {
  return {
    // biome-ignore lint/complexity/useMaxParams: Node's signature
    write(this: ResponseLike, chunk, encoding, callback) {
      const exchange = exchangeOf(this);
      if (exchange === undefined) return write.call(this, chunk, encoding, callback);
      if (!this.writableEnded) exchange.sentBytes += byteLength(chunk, encoding);
      const result = write.call(this, chunk, encoding, callback);
      exchange.headersOut();
      return result;
    },
    // biome-ignore lint/complexity/useMaxParams: Node's signature
    end(this: ResponseLike, chunk, encoding, callback) {
      const exchange = exchangeOf(this);
      if (exchange === undefined) return end.call(this, chunk, encoding, callback);
      const before = this.writableEnded ? -1 : exchange.sentBytes;
      const result = end.call(this, chunk, encoding, callback);
      // HTTP/2 and Fastify's inject() pass the last chunk on to write(), which has counted it then.
      if (exchange.sentBytes === before) exchange.sentBytes += byteLength(chunk, encoding);
      exchange.headersOut();
      return result;
    },
    // biome-ignore lint/complexity/useMaxParams: Node's signature
    writeHead(this: ResponseLike, status, reason, headers) {
      const exchange = exchangeOf(this);
      const result = writeHead.call(this, status, reason, headers);
      if (exchange === undefined) return result;
      exchange.headers = headers ?? reason;
      exchange.headersOut();
      return result;
    },
  };
}
