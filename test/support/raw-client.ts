import { connect, type Socket } from "node:net";
import { expect, onTestFinished } from "vitest";

/** A TCP client that says exactly what it is told to. */
export interface RawClient {
  readonly socket: Socket;
  /** Everything received so far. */
  received(): string;
  send(text: string): void;
  /** Waits until what was received contains `text`. */
  until(text: string): Promise<void>;
  /** Waits until the server has closed the connection. */
  closed(): Promise<void>;
  /** Says goodbye (FIN). */
  leave(): void;
  /** Hangs up at once (RST). */
  reset(): void;
}

/** Connects to a port of 127.0.0.1 until the test is over. */
export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  let ended = false;
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => (received += chunk));
  socket.on("error", () => (ended = true));
  socket.on("close", () => (ended = true));
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  return {
    socket,
    received: () => received,
    send: (text) => void socket.write(text, "latin1"),
    until: (text) => expect.poll(() => received, { timeout: 5000, interval: 5 }).toContain(text),
    closed: () => expect.poll(() => ended, { timeout: 5000, interval: 5 }).toBe(true),
    leave: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
}

/** A request head: `head("GET / HTTP/1.1", { Host: "x" })`. */
export function head(
  line: string,
  headers: Readonly<Record<string, string>> = { Host: "localhost" },
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line}\r\n${lines.join("")}\r\n`;
}
