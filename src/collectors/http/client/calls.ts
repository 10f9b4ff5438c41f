import { listenTo } from "../../../channels.js";
import type { Detach, Guard } from "../../../collector.js";
import type { HttpClient, OutgoingCall, OutgoingEnd } from "./client.js";
import { headersToAdd } from "./headers.js";

/** A response of node:http, seen by its client. */
interface IncomingLike {
  readonly statusCode?: number;
  readonly complete: boolean;
  readonly errored?: Error | null;
  on(event: "close", listener: () => void): unknown;
}

/** A request of node:http, seen by its client. */
export interface ClientRequestLike {
  readonly method: string;
  readonly path: string;
  readonly host?: string;
  readonly protocol: string;
  readonly headersSent: boolean;
  readonly destroyed?: boolean;
  readonly res?: IncomingLike | null;
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
  on(event: "close", listener: () => void): unknown;
}

/** What Node's client channels carry. */
export interface ClientMessage {
  readonly request: ClientRequestLike;
  readonly response?: IncomingLike;
  readonly error?: unknown;
}

/** Follows requests of node:http from their creation to the end of their response. */
export interface ClientCalls {
  /** Begins a request, once, however many hooks tell of it. */
  begin(request: ClientRequestLike): void;
  /** Hears, until undone, how the requests that were begun end. */
  listen(): Detach;
}

/** Makes the follower. Ends come by channel: a 'response' or 'error' listener would change what Node does without one. */
export function createClientCalls(client: HttpClient, guard: Guard): ClientCalls {
  const calls = new WeakMap<ClientRequestLike, OutgoingCall | null>();

  function begin(request: ClientRequestLike): void {
    if (calls.has(request)) return;
    const call = client.begin(describe(request));
    calls.set(request, call ?? null);
    if (call === undefined) return;
    // The only word of an upgrade, of a request given up in the queue of its agent, and of all that outlives its observer.
    request.on("close", () => guard("http.client", () => end(request, endOfClosed(request))));
    inject(request, call);
  }

  function end(request: ClientRequestLike, how: OutgoingEnd): void {
    const call = calls.get(request);
    calls.set(request, null);
    call?.end(how);
  }

  function responded({ request, response }: ClientMessage): void {
    const call = calls.get(request);
    if (!call || response === undefined) return;
    calls.set(request, null);
    response.on("close", () => guard("http.client", () => call.end(endOfResponse(response))));
  }

  return {
    begin,
    listen: () =>
      listenTo(guard, "http.client", {
        "http.client.response.finish": responded,
        "http.client.request.error": ({ request, error }) =>
          end(request, { error: isOwnDoing(request, error) ? null : error }),
      }),
  };
}

function endOfResponse(response: IncomingLike): OutgoingEnd {
  return { status: response.statusCode, error: response.complete ? undefined : (response.errored ?? null) };
}

function endOfClosed({ res }: ClientRequestLike): OutgoingEnd {
  return res === undefined || res === null ? { error: null } : endOfResponse(res);
}

// destroy() without an error looks like a reset by the peer, but for the order in which Node goes about it.
function isOwnDoing({ destroyed }: ClientRequestLike, error: unknown): boolean {
  return destroyed === true && (error as { code?: unknown } | null | undefined)?.code === "ECONNRESET";
}

function describe(request: ClientRequestLike): Parameters<HttpClient["begin"]>[0] {
  const { method, path, protocol } = request;
  const host = request.getHeader("host");
  return {
    method,
    path,
    scheme: protocol.replace(":", ""),
    host: typeof host === "string" ? host : (request.host ?? ""),
  };
}

// Headers given as an array are built at once: too late to add to.
function inject(request: ClientRequestLike, call: OutgoingCall): void {
  if (call.headers === undefined || request.headersSent) return;
  const has = (name: string): boolean => request.getHeader(name) !== undefined;
  for (const [name, value] of headersToAdd(call.headers, has)) request.setHeader(name, value);
}
