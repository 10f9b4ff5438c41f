/** What is read of a connection of a server. */
export interface Connection {
  readonly bytesRead: number;
  /** What was agreed on over TLS. */
  readonly alpnProtocol?: string | false | null;
  /** node:http's; null once the connection is upgraded. */
  readonly parser?: object | null;
  /** node:http's: the response being written, as the server itself and http-terminator read it. */
  readonly _httpMessage?: OpenResponse | null;
  once(event: "close", listener: () => void): unknown;
  destroy(): unknown;
}

/** What is read of a response of HTTP/1, and the one thing that is set. */
export interface OpenResponse {
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  readonly req: OpenRequestLike;
  /** False makes the response say `Connection: close`, unless the service has set that header itself. */
  shouldKeepAlive: boolean;
}

/** What is read of a request. */
export interface OpenRequestLike {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string;
}

/** A session of HTTP/2. */
export interface Session {
  once(event: "close", listener: () => void): unknown;
  /** Lets open streams finish. */
  close(): void;
  destroy(): void;
}

/** A stream of HTTP/2. */
export interface Stream {
  once(event: "close", listener: () => void): unknown;
}

/** A server of node:http, https or http2. */
export interface ServerTarget {
  readonly listening: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
  close(done: () => void): unknown;
  closeIdleConnections?(): void;
  closeAllConnections?(): void;
}

/** True for a server of node:http, https or http2. */
export function isServer(value: unknown): value is ServerTarget {
  if (typeof value !== "object" || value === null) return false;
  const speaksHttp = "headersTimeout" in value || "updateSettings" in value;
  return speaksHttp && "listening" in value && typeof Reflect.get(value, "close") === "function";
}

/** True for a server whose connections are encrypted. */
export function isTls(server: ServerTarget): boolean {
  return "setSecureContext" in server;
}

/** True for a server of http2. */
export function isHttp2(server: ServerTarget): boolean {
  return "updateSettings" in server;
}
