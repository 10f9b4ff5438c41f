import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { PushAnswer, PushRequest } from "./types.js";

/** Sends requests to one receiver over a connection of its own. */
export interface Exchange {
  /** Rejects when no answer came, or when the signal was aborted before it was whole. */
  send(request: PushRequest, signal: AbortSignal): Promise<PushAnswer>;
  /** Closes the connection. */
  close(): void;
}

interface HttpModule {
  readonly Agent: new (options: object) => Agent;
  request(url: URL, options: RequestOptions): ClientRequest;
}

const MOST_ANSWER_BYTES = 64 * 1024;

/** Opens an exchange; `headers` go with every request. Its sockets keep no process alive, redirects are not followed. */
export function openExchange(protocol: string, headers: Readonly<Record<string, string>>): Exchange {
  const http = load(protocol);
  // An agent of our own: the service's may be observed, limited, or closed.
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return {
    close: () => agent.destroy(),
    send: ({ method, url, headers: own, body }, signal) =>
      new Promise((resolve, reject) => {
        const all = { ...headers, ...own, "content-length": String(body.length) };
        const request = http.request(url, { method, agent, signal, headers: all });
        request.on("socket", (socket) => socket.unref());
        request.on("error", reject);
        request.on("response", (response) => void readAnswer(response).then(resolve, reject));
        request.end(body);
      }),
  };
}

function load(protocol: string): HttpModule {
  return protocol === "https:"
    ? (require("node:https") as typeof import("node:https"))
    : (require("node:http") as typeof import("node:http"));
}

async function readAnswer(response: IncomingMessage): Promise<PushAnswer> {
  const { statusCode: status = 0, headers } = response;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop destroys the rest of it.
    if (size >= MOST_ANSWER_BYTES) break;
  }
  return { status, headers, body: Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES) };
}
