import { type Agent, createServer, get } from "node:http";
import type { AddressInfo, Server } from "node:net";
import type { ContractFixture } from "../../src/testing/index.js";

export { contractOf } from "../../src/testing/index.js";

/** A server that listens on 127.0.0.1. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens until closed, without keep-alive so that nothing stays open between two exercises. */
export async function listening(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Fetches once, over a connection of its own, and reads the answer. */
export async function fetchOnce(url: string): Promise<void> {
  await (await fetch(url, { headers: { connection: "close" } })).text();
}

/** The same by node:http, through an agent or none. */
export function getOnce(url: string, agent: Agent | false): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => response.resume().on("close", resolve)).on("error", reject);
  });
}

/** A fixture whose target is the same for all, and which works by calling a server. */
export function callingFixture<T>(target: T, call: (url: string) => Promise<unknown>): ContractFixture<T> {
  return {
    async open() {
      const server = createServer((_req, res) => res.setHeader("connection", "close").end("ok"));
      const { url, close } = await listening(server);
      return { target, exercise: () => call(url), close };
    },
  };
}
