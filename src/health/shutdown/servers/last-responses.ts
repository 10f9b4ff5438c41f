import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Servers } from "./servers.js";
import type { OpenResponse } from "./shapes.js";

const REQUEST_START = "http.server.request.start";

/**
 * Makes every HTTP/1 response whose headers have not left say `Connection: close`, those to come included, so that clients
 * open their next connection elsewhere. Listens from now on only: until a shutdown no request pays for it.
 */
export function closeAfterResponses(servers: Servers): () => void {
  const onRequest = (message: unknown): void => {
    const { server, response } = message as { server: unknown; response: OpenResponse };
    if (servers.has(server)) response.shouldKeepAlive = false;
  };
  subscribe(REQUEST_START, onRequest);
  for (const { http1 } of servers.all())
    for (const { _httpMessage: open } of http1) if (open && !open.headersSent) open.shouldKeepAlive = false;
  return () => void unsubscribe(REQUEST_START, onRequest);
}
