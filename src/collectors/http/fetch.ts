import type { Collector } from "../../collector.js";
import type { HttpClient, OutgoingCall } from "./client.js";
import { listenTo } from "./client-calls.js";

/** undici's request, as its channels show it; fetch of Node is undici too. */
interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
  readonly headers: string | readonly unknown[];
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
    return listenTo(scope.guard, createHandlers(scope.domain.client));
  },
};

function createHandlers(client: HttpClient): Record<string, (message: Message) => void> {
  const pending = new WeakMap<UndiciRequest, Pending>();

  function create({ request }: Message): void {
    const origin = new URL(String(request.origin));
    const { method, path } = request;
    const call = client.begin({ method, host: origin.host, path, scheme: origin.protocol.slice(0, -1) });
    if (call === undefined) return;
    pending.set(request, { call, status: undefined });
    if (call.headers === undefined || hasTraceparent(request.headers)) return;
    for (const [name, value] of Object.entries(call.headers)) request.addHeader(name, value);
  }

  function finish({ request, error }: Message): void {
    const found = pending.get(request);
    pending.delete(request);
    found?.call.end({ status: found.status, error });
  }

  function headers({ request, response }: Message): void {
    const found = pending.get(request);
    if (found !== undefined) found.status = response?.statusCode;
  }

  return {
    "undici:request:create": create,
    "undici:request:headers": headers,
    "undici:request:trailers": finish,
    "undici:request:error": finish,
  };
}

// One string in undici 5, a flat list of names and values since 6.
function hasTraceparent(headers: UndiciRequest["headers"]): boolean {
  if (typeof headers === "string") return /^traceparent:/im.test(headers);
  return headers.some((item, i) => i % 2 === 0 && String(item).toLowerCase() === "traceparent");
}
