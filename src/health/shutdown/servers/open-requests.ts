import { redactUrl } from "../../../logging/index.js";
import type { Servers } from "./servers.js";
import type { Connection, OpenRequestLike } from "./shapes.js";

/** What the observer knows of a request. */
export interface KnownRequest {
  /** The route template. */
  route(): string | undefined;
  /** True for an open-ended response. */
  readonly streaming: boolean;
}

/** Finds what is known of a request. */
export type FindRequest = (req: object) => KnownRequest | undefined;

/** An open request as the log names it: by its path only where the route is not known. */
export interface OpenRequest {
  readonly method: string;
  readonly route: string | null;
  readonly path?: string;
}

/** The requests that are open, of HTTP/1 and of HTTP/2. */
export function listOpen(servers: Servers, find: FindRequest): OpenRequest[] {
  return servers.all().flatMap(({ http1, streams }) => [
    ...[...http1].flatMap((connection) => {
      const req = requestOf(connection);
      return req === undefined ? [] : [describe(req, find(req))];
    }),
    ...[...streams.values()].map((headers) =>
      describe({ method: String(headers[":method"]), url: String(headers[":path"] ?? "/") }),
    ),
  ]);
}

/** The request that a connection is answering. */
export function requestOf({ _httpMessage: open }: Connection): OpenRequestLike | undefined {
  return open && !open.writableFinished ? open.req : undefined;
}

function describe(
  { method = "GET", url = "/", originalUrl = url }: OpenRequestLike,
  known?: KnownRequest,
): OpenRequest {
  const route = known?.route();
  return route === undefined ? { method, route: null, path: redactUrl(originalUrl) } : { method, route };
}
