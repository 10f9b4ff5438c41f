import type { IncomingHttpHeaders } from "node:http";

/** What is read of a socket. */
export interface SocketLike {
  readonly readableEnded?: boolean;
  readonly destroyed?: boolean;
  readonly errored?: Error | null;
  readonly encrypted?: boolean;
  readonly remoteAddress?: string | undefined;
}

/** What is read of an HTTP/2 stream behind the compatibility API. */
export interface Http2StreamLike {
  readonly rstCode?: number;
  readonly writableFinished?: boolean;
}

/** The part of a request that node:http, node:http2, Express and Fastify's `raw` share. */
export interface RequestLike {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
  readonly socket?: SocketLike | null;
  readonly stream?: Http2StreamLike;
  push(chunk: unknown, encoding?: BufferEncoding): boolean;
}

type Callback = (error?: Error | null) => void;

/** The part of a response that node:http, node:http2, Express and Fastify's `raw` share. */
export interface ResponseLike {
  statusCode: number;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished?: boolean;
  readonly req?: object;
  readonly socket?: { readonly destroyed?: boolean } | null;
  readonly stream?: Http2StreamLike;
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
  writeHead(...args: unknown[]): unknown;
  write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean;
  end(chunk?: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): unknown;
  on(event: "close", listener: (this: ResponseLike) => void): unknown;
}

/** The path of a request as the client sent it, without its query. */
export function pathOf(req: RequestLike): string {
  const url = req.originalUrl ?? req.url ?? "/";
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  return path.startsWith("/") ? path : pathOfAbsolute(path);
}

// What a client sends to a proxy, and may send to any server: `http://host/path`.
function pathOfAbsolute(target: string): string {
  const scheme = target.indexOf("://");
  if (scheme < 0) return target;
  const slash = target.indexOf("/", scheme + 3);
  return slash < 0 ? "/" : target.slice(slash);
}
