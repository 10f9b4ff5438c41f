import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { buffer } from "node:stream/consumers";

/** One request as a receiver got it. */
export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A collector that keeps what it is sent. */
export interface Receiver {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** What a collector answers. */
export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
}

/** A collector over HTTP that answers with a status, or as `answer` says. */
export async function receiveHttp(answer: number | (() => Answer) = 200, port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    void buffer(req).then((body) => {
      received.push({ url: req.url ?? "", headers: req.headers, body });
      const { status, headers }: Answer = typeof answer === "number" ? { status: answer } : answer();
      res.writeHead(status, headers).end();
    });
  });
  return { received, ...(await listen(server, port)) };
}

/** A collector that accepts and reads, but never answers; or, `halfway`, never to the end. */
export async function receiveAndHang(
  how?: "halfway",
): Promise<Receiver & { sockets(): number; requests(): number }> {
  let open = 0;
  let requests = 0;
  const server = createServer((req, res) => {
    requests++;
    void buffer(req);
    if (how === "halfway") res.writeHead(200, { "content-length": 100 }).write("{");
  });
  server.on("connection", (socket) => {
    open++;
    socket.once("close", () => open--);
  });
  return { received: [], sockets: () => open, requests: () => requests, ...(await listen(server)) };
}

/** An agent's UDP port. */
export async function receiveUdp(): Promise<{ host: string; packets: Buffer[]; close(): Promise<void> }> {
  const socket = createSocket("udp4");
  const packets: Buffer[] = [];
  socket.on("message", (packet) => packets.push(packet));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    host: `127.0.0.1:${socket.address().port}`,
    packets,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function listen(server: Server, port = 0): Promise<{ url: string; close(): Promise<void> }> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
