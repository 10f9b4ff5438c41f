import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { strategyOf } from "../../../src/tracing/sampling/remote-strategy.js";
import { type Compiled, compileTracing } from "../child.js";
import { fate, remote, sampledTracing } from "./tracer.js";

let compiled: Compiled;
const open: { close(): unknown }[] = [];

beforeAll(() => {
  compiled = compileTracing();
});

afterAll(() => compiled.remove());

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function tracerFor(endpoint: string, more: object = {}) {
  const made = sampledTracing({ remote: { endpoint, pollingIntervalMs: 20, initialRatio: 1 }, ...more }, 0);
  open.push(made.tracing);
  return made;
}

const json =
  (...answers: unknown[]): RequestListener =>
  (_req, res) =>
    void res.end(JSON.stringify(answers.length > 1 ? answers.shift() : answers[0]));

const share = (samplingRate: number): object => ({
  strategyType: "PROBABILISTIC",
  probabilisticSampling: { samplingRate },
});

describe("a sampling server", () => {
  it("is asked for the service by its name, and followed from its first answer to its next", async () => {
    const asked: string[] = [];
    const answers = json(share(0), share(1));
    const endpoint = await serve((req, res) => {
      asked.push(req.url ?? "");
      answers(req, res);
    });
    const { tracer } = tracerFor(`${endpoint}/`);
    expect(fate(tracer)).toBe("keep");
    await expect.poll(() => fate(tracer), { timeout: 5000, interval: 1 }).toBe("drop");
    await expect.poll(() => fate(tracer), { timeout: 5000 }).toBe("keep");
    expect(asked[0]).toBe("/sampling?service=chat");
  });

  it("may name a share for each operation, which goes before the share for all", async () => {
    const operationSampling = {
      defaultSamplingProbability: 0,
      perOperationStrategies: [
        { operation: "vip", probabilisticSampling: { samplingRate: 1 } },
        { operation: "hot", probabilisticSampling: {} },
      ],
    };
    const { tracer } = tracerFor(await serve(json({ ...share(1), operationSampling })));
    await expect.poll(() => fate(tracer), { timeout: 5000 }).toBe("drop");
    expect([fate(tracer, "vip"), fate(tracer, "hot")]).toEqual(["keep", "drop"]);
  });

  it("may limit the rate", async () => {
    const limit = { strategyType: "RATE_LIMITING", rateLimitingSampling: { maxTracesPerSecond: 0 } };
    const { tracer } = tracerFor(await serve(json(limit)));
    await expect.poll(() => fate(tracer), { timeout: 5000 }).toBe("drop");
  });

  it("decides only where no rule and no caller does", async () => {
    const { tracer } = tracerFor(await serve(json(share(0))), { rules: [{ operation: "checkout" }] });
    await expect.poll(() => fate(tracer), { timeout: 5000 }).toBe("drop");
    expect([fate(tracer, "checkout"), fate(tracer, "a", { parent: remote(1) })]).toEqual(["keep", "keep"]);
  });

  it("decides against the caller where callers are not followed", async () => {
    const { tracer } = tracerFor(await serve(json(share(0))), { followParent: false });
    await expect.poll(() => fate(tracer, "a", { parent: remote(1) }), { timeout: 5000 }).toBe("drop");
  });
});

describe("a broken sampling server", () => {
  it.each<[string, RequestListener, RegExp]>([
    ["refuses", (_req, res) => void res.writeHead(503).end(), /status 503/],
    ["redirects", (_req, res) => void res.writeHead(302, { location: "/" }).end(), /status 302/],
    ["speaks no JSON", (_req, res) => void res.end("<html>"), /JSON/],
    ["makes no sense", json({ probabilisticSampling: { samplingRate: 7 } }), /neither/],
    ["floods", (_req, res) => void res.end("x".repeat(1_500_000)), /1000000 bytes/],
    ["hangs up", (_req, res) => void res.destroy(), /socket hang up/],
  ])("that %s leaves the decision as it was, and is noted", async (_how, answer, complaint) => {
    const { tracer, notes } = tracerFor(await serve(answer));
    await expect.poll(() => notes[0], { timeout: 5000 }).toMatch(complaint);
    expect(notes[0]).toMatch(/^tracing\.sampler: the sampling server at http:/);
    expect(fate(tracer)).toBe("keep");
  });

  it("that is not there is noted", async () => {
    const { notes } = tracerFor("http://127.0.0.1:1");
    await expect.poll(() => notes[0], { timeout: 5000 }).toMatch(/ECONNREFUSED/);
  });

  it("that hangs is asked once at a time, and close() does not wait for it", async () => {
    let asked = 0;
    let givenUp = 0;
    const endpoint = await serve((req, res) => {
      asked++;
      if (req.url !== "/") res.on("close", () => givenUp++);
    });
    const { tracing, notes } = tracerFor(endpoint);
    await expect.poll(() => asked, { timeout: 5000 }).toBe(1);
    // Ten intervals by the server's clock.
    for (let i = 0; i < 10; i++)
      await fetch(`${endpoint}/`, { signal: AbortSignal.timeout(20) }).catch(() => 0);
    expect(asked).toBeLessThanOrEqual(1 + 10);
    await tracing.close();
    await expect.poll(() => givenUp, { timeout: 3000 }).toBe(1);
    expect(notes).toEqual([]);
  });
});

it.each(["hangs", "answers"])(
  "a process with a server that %s ends by itself, closed or not",
  async (how) => {
    const endpoint = await serve(how === "hangs" ? () => undefined : json(share(1)));
    const remote = { endpoint, pollingIntervalMs: 60_000, initialRatio: 1 };
    const told = await compiled.run(`
    const exporter = { export: (_spans, done) => done({ code: 0 }), shutdown: () => Promise.resolve() };
    const tracing = createTracing({ ...settings, sampling: { remote: ${JSON.stringify(remote)} }, exporter }, note);
    setTimeout(() => tracing.tracer.startSpan("a"), 200);
    // Had it waited for the answer, the lack of one would have been noted.
    process.on("exit", () => tell([tracing.tracer.startSpan("a").isRecording(), notes]));
  `);
    expect(told).toEqual([true, []]);
  },
);

describe("strategyOf", () => {
  it.each([undefined, null, 7, "x", [], {}, { probabilisticSampling: null }, { operationSampling: [] }])(
    "refuses %j",
    (answer) => {
      expect(() => strategyOf(answer)).toThrow("neither a probability nor a limit");
    },
  );

  it("keeps 2000 operations at most, and only whole ones", () => {
    const one = (operation: unknown) => ({ operation, probabilisticSampling: { samplingRate: 0.5 } });
    const many = Array.from({ length: 5000 }, (_, i) => one(`operation ${i}`));
    const sizeOf = (perOperationStrategies: unknown[]): number => {
      const strategy = strategyOf({ operationSampling: { perOperationStrategies } });
      return "operationSampling" in strategy
        ? (strategy.operationSampling?.perOperationStrategies.length ?? 0)
        : -1;
    };
    expect([sizeOf(many), sizeOf([one("a"), one(7), null, { operation: "b" }])]).toEqual([2000, 1]);
  });
});
