import { listenTo } from "../../channels.js";
import type { Collector } from "../../collector.js";
import type { HttpClient, OutgoingCall, OutgoingRequest } from "./client/client.js";
import { headersToAdd } from "./client/headers.js";

/** undici's request, as its channels show it; fetch of Node is undici too. */
interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
  readonly headers: string | readonly unknown[];
  readonly upgrade?: unknown;
  addHeader(name: string, value: string): unknown;
}

interface Message {
  readonly request: UndiciRequest;
  readonly response?: { readonly statusCode: number };
  readonly error?: unknown;
}

interface Pending {
  readonly call: OutgoingCall;
  status: number | undefined;
}

/** Observes fetch and every undici in the process through undici's own channels: `obs.instrument(fetch)`. */
export const fetchClient: Collector<typeof fetch, object, "http"> = {
  name: "undici",
  domain: "http",
  supports: ">=5.8 <9",

  matches(value): value is typeof fetch {
    return value !== undefined && value === globalThis.fetch;
  },

  attach(_fetch, scope) {
    const { handlers, dropAll } = createHandlers(scope.domain.client);
    const unlisten = listenTo(scope.guard, "http.client", handlers);
    return () => {
      unlisten();
      dropAll();
    };
  },
};

interface Handlers {
  readonly handlers: Readonly<Record<string, (message: Message) => void>>;
  /** Gives up what still runs. */
  dropAll(): void;
}

function createHandlers(client: HttpClient): Handlers {
  const pending = new WeakMap<UndiciRequest, Pending>();
  // Calls, not requests: to hold on to a request would keep a body that nobody reads from being collected and cancelled.
  const running = new Set<OutgoingCall>();

  function create({ request }: Message): void {
    if (isTunnel(request)) return;
    const call = client.begin(describe(request));
    if (call === undefined) return;
    pending.set(request, { call, status: undefined });
    running.add(call);
    if (call.headers === undefined) return;
    const names = namesOf(request.headers);
    for (const [name, value] of headersToAdd(call.headers, (one) => names.has(one)))
      request.addHeader(name, value);
  }

  function finish({ request, error }: Message): void {
    const found = pending.get(request);
    if (found === undefined) return;
    pending.delete(request);
    running.delete(found.call);
    found.call.end({ status: found.status, error });
  }

  function headers({ request, response }: Message): void {
    const found = pending.get(request);
    if (found !== undefined) found.status = response?.statusCode;
  }

  return {
    handlers: {
      "undici:request:create": create,
      "undici:request:headers": headers,
      "undici:request:trailers": finish,
      "undici:request:error": finish,
    },
    dropAll() {
      for (const call of running) call.drop();
    },
  };
}

function describe({ method, origin, path }: UndiciRequest): OutgoingRequest {
  const { host, protocol } = new URL(String(origin));
  return { method, host, path, scheme: protocol.slice(0, -1) };
}

// A WebSocket, or a way through a proxy: undici 5, 6 and 8 do not tell how it ends.
function isTunnel({ method, upgrade }: UndiciRequest): boolean {
  return method === "CONNECT" || (upgrade !== undefined && upgrade !== null && upgrade !== false);
}

// One string in undici 5, a flat list of names and values since 6.
function namesOf(headers: UndiciRequest["headers"]): Set<string> {
  const names =
    typeof headers === "string"
      ? headers.split("\r\n").map((line) => line.slice(0, Math.max(0, line.indexOf(":"))))
      : headers.filter((_item, i) => i % 2 === 0);
  return new Set(names.map((name) => String(name).toLowerCase()));
}
