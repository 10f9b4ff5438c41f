import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Writable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import {
  createMetricsHandler,
  type ExpositionSource,
  type MetricsHandlerOptions,
} from "../../../src/metrics/exposition/handler.js";
import type { ScrapeRecord } from "../../../src/metrics/exposition/scrape-record.js";
import { createScrapeSlots } from "../../../src/metrics/exposition/scrape-slots.js";
import { connectRaw, head } from "../../support/raw-client.js";

const PAGE = "a 1\n".repeat(1000);

/** An endpoint whose expositions are written by hand, and what it told of its scrapes. */
async function serve(parts: Partial<ExpositionSource> = {}, options: MetricsHandlerOptions = {}) {
  const bodies: Writable[] = [];
  const asked: (readonly string[] | undefined)[] = [];
  const scrapes: ScrapeRecord[] = [];
  const handler = createMetricsHandler(
    {
      format: "text",
      onServe: () => undefined,
      onFault: () => undefined,
      takeSlot: createScrapeSlots(2),
      onScrape: (scrape) => scrapes.push(scrape),
      async pipeTo(writable, { names }) {
        asked.push(names && [...names]);
        bodies.push(writable);
      },
      ...parts,
    },
    options,
  );
  const server = createServer((req, res) => void handler(req, res)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const ask = (path = "/metrics", headers = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path, headers }, resolve).on("error", reject).end();
    });
  const outcomes = (): string[] => scrapes.map(({ outcome }) => outcome);
  return { port, ask, bodies, asked, scrapes, outcomes };
}

test("hands on the names of the query, and refuses too many", async () => {
  const { ask, bodies, asked } = await serve();
  for (const path of ["/metrics?name[]=up&name[]=a", "/metrics"]) {
    const answer = ask(path);
    await expect.poll(() => bodies.length).toBeGreaterThan(0);
    bodies.pop()?.end(PAGE);
    (await answer).resume();
  }
  expect(asked).toEqual([["up", "a"], undefined]);
  expect((await ask(`/metrics?${"name[]=a&".repeat(101)}`)).statusCode).toBe(400);
});

test("answers so many at once, and the next with 503 until one is over", async () => {
  const { ask, bodies, outcomes } = await serve();
  const answers = [ask(), ask()];
  await expect.poll(() => bodies.length).toBe(2);
  const refused = await ask();
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "1"]);
  expect(outcomes()).toEqual(["refused"]);
  for (const body of bodies.splice(0)) body.end(PAGE);
  for (const answer of answers) (await answer).resume();
  await expect.poll(outcomes).toEqual(["refused", "ok", "ok"]);
  const later = ask();
  await expect.poll(() => bodies.length).toBe(1);
  bodies[0]?.end();
  expect((await later).statusCode).toBe(200);
});

test.each([{}, { "accept-encoding": "gzip" }])(
  "a client that leaves gives its place back: %j",
  async (headers) => {
    const { port, bodies, outcomes } = await serve();
    for (let i = 0; i < 3; i++) {
      const client = await connectRaw(port);
      client.send(head("GET /metrics HTTP/1.1", { Host: "x", ...headers }));
      await expect.poll(() => bodies.length).toBe(i + 1);
      client.reset();
      await expect.poll(() => bodies[i]?.destroyed).toBe(true);
    }
    expect(outcomes()).toEqual(["aborted", "aborted", "aborted"]);
  },
);

test("an answer that takes longer than its client waits is cut", async () => {
  const { ask, scrapes } = await serve();
  await expect(ask("/metrics", { "x-prometheus-scrape-timeout-seconds": "0.05" })).rejects.toThrow();
  await expect.poll(() => scrapes).toMatchObject([{ outcome: "aborted", sizeBytes: undefined }]);
});

test("an exposition that fails gives its place back and is told as an error", async () => {
  const { ask, outcomes } = await serve({ pipeTo: () => Promise.reject(new Error("no")) });
  for (let i = 0; i < 3; i++)
    await ask().then(
      (res) => void res.resume(),
      () => undefined,
    );
  await expect.poll(outcomes).toEqual(["error", "error", "error"]);
});

test.each([{}, { "accept-encoding": "gzip" }])(
  "tells the size before compression, and the time: %j",
  async (headers) => {
    const { ask, bodies, scrapes } = await serve();
    for (let i = 0; i < 2; i++) {
      const answer = ask("/metrics", { ...headers, connection: "keep-alive" });
      await expect.poll(() => bodies.length).toBe(i + 1);
      bodies[i]?.end(PAGE);
      await (await answer).toArray();
      await expect.poll(() => scrapes.length).toBe(i + 1);
      const { format, outcome, seconds, sizeBytes } = scrapes[i] as ScrapeRecord;
      expect([format, outcome, seconds > 0]).toEqual(["text", "ok", true]);
      expect(sizeBytes).toBeGreaterThanOrEqual(PAGE.length);
      // Head and chunk lengths count where nothing is compressed.
      expect(sizeBytes).toBeLessThan(PAGE.length + 500);
    }
  },
);

test("a client that leaves before it is let in takes no place", async () => {
  let came = 0;
  let left = 0;
  const authorize = async (req: IncomingMessage): Promise<boolean> => {
    if (req.headers["x-leaves"] === undefined) return true;
    came++;
    await new Promise((resolve) => req.once("close", resolve));
    left++;
    return true;
  };
  const { port, ask, bodies, outcomes } = await serve({ takeSlot: createScrapeSlots(1) }, { authorize });
  const client = await connectRaw(port);
  client.send(head("GET /metrics HTTP/1.1", { Host: "x", "x-leaves": "1" }));
  await expect.poll(() => came).toBe(1);
  client.reset();
  await expect.poll(() => left).toBe(1);
  const answer = ask();
  await expect.poll(() => bodies.length).toBe(1);
  bodies[0]?.end(PAGE);
  expect((await answer).resume().statusCode).toBe(200);
  await expect.poll(outcomes).toEqual(["ok"]);
});
