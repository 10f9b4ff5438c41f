import type { Socket } from "node:dgram";
import type { NamedTarget } from "../targets.js";
import type { Note } from "../types.js";
import { frameBatch, framePacket, PACKET_OVERHEAD, type SpanBlock } from "./thrift/batch.js";

/** Encoded spans of one process. */
export interface Parcel extends Omit<SpanBlock, "errors"> {
  readonly process: Buffer;
}

/** Sends parcels to Jaeger. */
export interface JaegerSender {
  /** Resolves with how many spans could not be sent though the others were; rejects when none was. */
  send(parcel: Parcel): Promise<number>;
  close(): void;
}

/** What a sender is made with. */
export interface SenderOptions {
  /** Default: what OTEL_EXPORTER_JAEGER_ENDPOINT says. */
  readonly over: "http" | "udp" | undefined;
  readonly target: NamedTarget;
  readonly note: Note;
}

/** The private part of JaegerExporter 2.11.0, the last release of it, that is used. */
interface Internals {
  readonly _localConfig: { endpoint: string };
  _getSender(span: { readonly tags: readonly unknown[] }): HttpSender | UdpSender;
}

/** HTTPSender of jaeger-client. */
interface HttpSender {
  readonly _httpOptions: { path: string; headers: Record<string, string> };
  _batch: { spans: { length: number } };
  _jaegerThrift: { Batch: { rw: { toBuffer(batch: unknown): { value: Buffer } } } };
  flush(done: (count: number, error?: string) => void): void;
  close(): void;
}

/** UDPSender of jaeger-client. */
interface UdpSender {
  readonly _client: Socket;
  readonly _host: string;
  readonly _port: number;
  readonly _maxPacketSize: number;
  close(): void;
}

/** The sender that a JaegerExporter would make for itself, made to send what is encoded already. */
export function createJaegerSender(exporter: object, options: SenderOptions): JaegerSender {
  const internals = exporter as Internals;
  // Else OTEL_EXPORTER_JAEGER_ENDPOINT would win over the option.
  if (options.over === "udp") internals._localConfig.endpoint = "";
  // Opened now rather than at the first export: parsing the Thrift IDL blocks for 3 to 9 ms, which no request should pay.
  const sender = internals._getSender({ tags: [] });
  if (!("_httpOptions" in sender)) return sendOverUdp(sender, options);
  boundRequests(sender._httpOptions, internals._localConfig.endpoint, options.target);
  return sendOverHttp(sender);
}

function sendOverHttp(sender: HttpSender): JaegerSender {
  let body: Buffer = Buffer.alloc(0);
  sender._jaegerThrift = { Batch: { rw: { toBuffer: () => ({ value: body }) } } };
  return {
    send({ process, ends, bytes }) {
      const count = ends.length;
      body = frameBatch(process, count, bytes);
      sender._batch.spans = { length: count };
      return new Promise((resolve, reject) => {
        sender.flush((_count, error) => (error === undefined ? resolve(0) : reject(new Error(error))));
      });
    },
    close: () => sender.close(),
  };
}

// The sender has no timeout of its own and forgets the query. http.request() copies its options, so the getter makes a signal for each request.
function boundRequests(
  options: HttpSender["_httpOptions"],
  endpoint: string,
  { headers, timeoutMs }: NamedTarget,
): void {
  const url = new URL(endpoint);
  options.path = url.pathname + url.search;
  Object.assign(options.headers, headers);
  Object.defineProperty(options, "signal", { enumerable: true, get: () => AbortSignal.timeout(timeoutMs) });
}

function sendOverUdp(sender: UdpSender, { note }: SenderOptions): JaegerSender {
  const { _client: socket, _host: host, _port: port, _maxPacketSize: maxBytes } = sender;
  const sendPacket = (packet: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(packet, port, host, (error) => (error === null ? resolve() : reject(error)));
    });
  return {
    async send(parcel) {
      const { packets, tooLarge } = cut(parcel, maxBytes);
      for (const bytes of tooLarge)
        note(
          "tracing.export",
          new Error(`one span lost: its ${bytes} bytes do not fit a packet of ${maxBytes}`),
        );
      for (const packet of packets) await sendPacket(packet);
      return tooLarge.length;
    },
    close: () => sender.close(),
  };
}

/** Cuts a parcel into packets; a span that fits none is left out, with its size told. */
function cut({ process, bytes, ends }: Parcel, maxBytes: number): { packets: Buffer[]; tooLarge: number[] } {
  const room = maxBytes - PACKET_OVERHEAD - process.length;
  const packets: Buffer[] = [];
  const tooLarge: number[] = [];
  let from = 0;
  let count = 0;
  let end = 0;
  const pack = (next: number): void => {
    if (count > 0) packets.push(framePacket(process, count, bytes.subarray(from, end)));
    from = next;
    count = 0;
  };
  for (const to of ends) {
    if (to - from > room) pack(end);
    if (to - from > room) {
      tooLarge.push(to - from);
      from = to;
    } else count++;
    end = to;
  }
  pack(end);
  return { packets, tooLarge };
}
