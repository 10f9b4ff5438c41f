import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** One request as the receiver got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How a request is answered: a status, a status with headers and body, by hand, or never. */
export type Answer =
  | number
  | "never"
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  | ((res: ServerResponse) => void);

/** A receiver that keeps what it was sent. */
export interface FakeReceiver {
  readonly url: string;
  readonly received: Received[];
  /** Connections that are open. */
  connections(): number;
}

/** Starts a receiver that gives one answer after the other and then goes on with the last, until the test is over. */
export async function startReceiver(...answers: readonly Answer[]): Promise<FakeReceiver> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    void buffer(req).then((body) => {
      received.push({ method: req.method ?? "", url: req.url ?? "", headers: req.headers, body });
      give(answers[Math.min(received.length, answers.length) - 1] ?? 200, res);
    });
  });
  let connections = 0;
  server.on("connection", (socket) => {
    connections++;
    socket.once("close", () => connections--);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    received,
    connections: () => connections,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
}

function give(answer: Answer, res: ServerResponse): void {
  if (answer === "never") return;
  if (typeof answer === "function") return answer(res);
  const { status, headers = {}, body = "" } = typeof answer === "number" ? { status: answer } : answer;
  res.writeHead(status, headers).end(body);
}
