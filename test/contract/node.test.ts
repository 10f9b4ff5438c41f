import { createServer } from "node:http";
import { connect, createServer as createHttp2Server } from "node:http2";
import { describe, test } from "vitest";
import { node as collector } from "../../src/collectors/http/node.js";
import { askHttp2 } from "../support/http2-client.js";
import { contractOf, fetchOnce, listening } from "./subjects.js";

async function askOnce(url: string): Promise<void> {
  const session = connect(url);
  await askHttp2(session, { ":path": "/" });
  await new Promise<void>((resolve) => session.close(resolve));
}

describe.each([
  ["node:http", () => createServer((_req, res) => res.end("ok")), fetchOnce],
  ["node:http2", () => createHttp2Server((_req, res) => res.end("ok")), askOnce],
] as const)("the collector of %s keeps the contract: it", (_, create, ask) => {
  const fixture = {
    async open() {
      const target = create();
      const { url, close } = await listening(target);
      return { target, exercise: () => ask(url), close };
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});

describe.each(["swagger-stats", "otel"] as const)(
  "under the names of %s, that of node:http too: it",
  (naming) => {
    const fixture = {
      async open() {
        const target = createServer((_req, res) => res.end("ok"));
        const { url, close } = await listening(target);
        return { target, exercise: () => fetchOnce(url), close };
      },
      options: { metrics: { naming } },
    };
    for (const { name, run } of contractOf(collector, fixture)) test(name, run);
  },
);
