import { once } from "node:events";
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { TlsOptions } from "node:tls";
import { gunzipSync } from "node:zlib";

/** One call as a gRPC server got it. */
export interface GrpcCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The message, without its frame. */
  readonly body: Buffer;
}

/** A collector that speaks gRPC. */
export interface GrpcReceiver {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly calls: GrpcCall[];
  /** Certificates that clients showed, by subject. */
  readonly clients: string[];
  sessions(): number;
  close(): Promise<void>;
}

/** How it answers: with a status, or never. */
export interface GrpcOptions {
  readonly status?: number;
  readonly hang?: boolean;
  readonly tls?: TlsOptions;
}

/** Listens; a call is answered with an empty ExportTraceServiceResponse. */
export async function receiveGrpc({
  status = 0,
  hang = false,
  tls,
}: GrpcOptions = {}): Promise<GrpcReceiver> {
  const calls: GrpcCall[] = [];
  const clients: string[] = [];
  const open = new Set<ServerHttp2Session>();
  const server: Http2Server = tls === undefined ? createServer() : createSecureServer(tls);
  server.on("session", (session: ServerHttp2Session) => {
    open.add(session);
    session.on("close", () => open.delete(session)).on("error", () => undefined);
    const { socket } = session as { socket: { getPeerCertificate?: () => { subject?: { CN?: string } } } };
    clients.push(socket.getPeerCertificate?.().subject?.CN ?? "");
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => undefined);
    void buffer(stream).then((frame) => {
      calls.push({ path: String(headers[":path"]), headers, body: unframe(frame) });
      if (!hang) answer(stream, status);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    calls,
    clients,
    sessions: () => open.size,
    async close() {
      for (const session of open) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: a flag, four bytes of length, the message.
function unframe(frame: Buffer): Buffer {
  const message = frame.subarray(5);
  if (frame.readUInt32BE(1) !== message.length) throw new Error("not one whole message");
  return frame.readUInt8(0) === 1 ? gunzipSync(message) : message;
}

function answer(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed) return;
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(status) }));
  stream.end(status === 0 ? Buffer.alloc(5) : undefined);
}
