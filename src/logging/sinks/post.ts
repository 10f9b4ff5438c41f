import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";

/** How a receiver took a batch: `retry` where another try may go better. */
export interface Answer {
  readonly kind: "taken" | "rejected" | "retry";
  /** What went wrong, in one line. */
  readonly reason: string;
  /** The first 64 KiB of what it said. */
  readonly body: string;
}

/** Sends bodies to one receiver over one connection of its own. */
export interface Post {
  /** Never rejects. `isLast` holds the process until the answer is there. */
  send(body: string, options: { signal: AbortSignal; isLast: boolean }): Promise<Answer>;
  close(): void;
}

/** Where to and how long for. */
export interface PostOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

interface HttpModule {
  readonly Agent: new (options: object) => Agent;
  request(url: URL, options: RequestOptions): ClientRequest;
}

const MAX_ANSWER_CHARS = 65_536;
const SHOWN_CHARS = 200;

/** Opens a way to post JSON. Its sockets keep no process alive; redirects are not followed, for the headers would go along. */
export function openPost({ url, headers, timeoutMs }: PostOptions): Post {
  const http: HttpModule =
    url.protocol === "https:"
      ? (require("node:https") as typeof import("node:https"))
      : (require("node:http") as typeof import("node:http"));
  // An agent of our own: the service's may be observed, limited, or closed.
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const all = { "content-type": "application/json", ...headers };

  async function exchange(
    body: string,
    { signal, isLast }: { signal: AbortSignal; isLast: boolean },
  ): Promise<Answer> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const bytes = Buffer.from(body);
      const request = http.request(url, {
        method: "POST",
        agent,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: { ...all, "content-length": String(bytes.length) },
      });
      request.on("socket", (socket) => (isLast ? socket.ref() : socket.unref()));
      request.on("error", reject);
      request.on("response", resolve);
      request.end(bytes);
    });
    return judge(response.statusCode ?? 0, await textOf(response));
  }

  return {
    send: (body, options) => exchange(body, options).catch(failure),
    close: () => agent.destroy(),
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const chunk of response as AsyncIterable<string>) {
    text += chunk;
    // Leaving the loop destroys the rest of it.
    if (text.length >= MAX_ANSWER_CHARS) break;
  }
  return text;
}

function judge(status: number, body: string): Answer {
  const reason =
    `it answered ${status} ${body.slice(0, SHOWN_CHARS).replace(/[\u0000-\u001f\u007f]+/g, " ")}`.trim();
  if (status >= 200 && status < 300) return { kind: "taken", reason: "", body };
  const isRetryable = status === 429 || status >= 500;
  return { kind: isRetryable ? "retry" : "rejected", reason, body };
}

// The error of several addresses tried has a code and no message.
function failure(error: unknown): Answer {
  const { message, code } = error as NodeJS.ErrnoException;
  return { kind: "retry", reason: message || code || String(error), body: "" };
}
