import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as prom from "prom-client";
import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import { createObservability, type Observability, type ObservabilityOptions } from "../src/index.js";

const open: Observability[] = [];
afterEach(() => Promise.all(open.splice(0).map((obs) => obs.close())));

function create(options: ObservabilityOptions = {}) {
  const obs = createObservability({ service: "chat", logging: { level: "silent" }, ...options });
  open.push(obs);
  return obs;
}

const expose = async (obs: Observability): Promise<string> =>
  (await obs.metrics.registry.metrics()).replace(/ +/g, " ");

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("metrics of the service's own", () => {
  test("carry the service label, or the prefix in its place", async () => {
    const plain = create();
    plain.metrics.counter({ name: "rooms_total", help: "Rooms." }).inc();
    expect(await expose(plain)).toContain('rooms_total{service="chat"} 1');
    const prefixed = create({ prefix: "chat_", labels: { zone: "a" } });
    prefixed.metrics.counter({ name: "rooms_total", help: "Rooms." }).inc();
    expect(await expose(prefixed)).toContain('chat_rooms_total{zone="a"} 1');
  });

  test("have typed label names", async () => {
    const obs = create();
    const rooms = obs.metrics.counter({ name: "rooms_total", help: "Rooms.", labelNames: ["kind"] });
    expectTypeOf(rooms.inc).toBeCallableWith({ kind: "open" });
    // @ts-expect-error -- a label that was not declared
    expectTypeOf(rooms.inc).toBeCallableWith({ sort: "open" });
    rooms.inc({ kind: "open" });
    rooms.labels("shut").inc(2);
    obs.metrics.gauge({ name: "load_ratio", help: "Load." }).set(0.5);
    obs.metrics
      .histogram({ name: "wait_seconds", help: "Wait.", labelNames: ["queue"], buckets: [1] })
      .observe({ queue: "a" }, 0.5);
    obs.metrics.summary({ name: "size_bytes", help: "Size.", percentiles: [0.5] }).observe(7);
    const text = await expose(obs);
    for (const line of [
      'rooms_total{kind="open",service="chat"} 1',
      'rooms_total{kind="shut",service="chat"} 2',
      'load_ratio{service="chat"} 0.5',
      'wait_seconds_bucket{le="1",queue="a",service="chat"} 1',
      'size_bytes_count{service="chat"} 1',
    ])
      expect(samples(text)).toContain(canonical(line));
  });

  test("stand beside a third party's in the one registry", async () => {
    const obs = create();
    new prom.Counter({ name: "theirs_total", help: "Theirs.", registers: [obs.metrics.registry] }).inc(3);
    expect(obs.metrics.registry).toBeInstanceOf(prom.Registry);
    expect(await expose(obs)).toContain('theirs_total{service="chat"} 3');
  });
});

describe("two instances in one process", () => {
  test("are islands: same names, own counts, one closed leaves the other alone", async () => {
    const [a, b] = [create({ service: "a" }), create({ service: "b" })];
    const [left, right] = [a, b].map((obs) => obs.metrics.counter({ name: "x_total", help: "X." }));
    left?.inc();
    right?.inc(5);
    await a.close();
    right?.inc();
    expect(await expose(b)).toContain('x_total{service="b"} 6');
    expect(await expose(b)).not.toContain('service="a"');
  });

  test("can be made and closed again and again", async () => {
    const listeners = process
      .eventNames()
      .map((name) => process.listenerCount(name))
      .join();
    for (let i = 0; i < 20; i++) await create().close();
    expect(
      process
        .eventNames()
        .map((name) => process.listenerCount(name))
        .join(),
    ).toBe(listeners);
  });
});

describe("close()", () => {
  test("returns one promise, that does not reject, however often it is called", async () => {
    const obs = create();
    expect(obs.close()).toBe(obs.close());
    await expect(obs.close()).resolves.toBeUndefined();
  });

  test("is over in about 3 s though the collector never answers", async () => {
    const hung = createServer(() => undefined);
    const endpoint = await listen(hung);
    const obs = create({ tracing: { exporter: "otlp", endpoint } });
    obs.tracer.startSpan("lost").end();
    const started = performance.now();
    await obs.close();
    expect(performance.now() - started).toBeLessThan(5000);
    hung.closeAllConnections();
    hung.close();
  });

  test("lets a request under way finish and record, and later ones pass unseen", async () => {
    const obs = create();
    let release: () => void = () => undefined;
    const server = createServer(
      obs.http((req, res) => {
        if (req.url === "/slow") release = () => res.end("late");
        else res.end("ok");
      }),
    );
    const url = await listen(server);
    const slow = fetch(`${url}/slow`);
    while (!(await expose(obs)).includes('http_requests_in_flight{method="GET",service="chat"} 1'))
      await new Promise(setImmediate);
    await obs.close();
    expect(await (await fetch(`${url}/next`)).text()).toBe("ok");
    release();
    expect(await (await slow).text()).toBe("late");
    server.closeAllConnections();
    server.close();
  });

  test("makes /ready answer 503 while /live stays 200", async () => {
    const obs = create();
    const server = createServer((req, res) => void obs.health.handler(req, res));
    const url = await listen(server);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    await obs.close();
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    expect((await fetch(`${url}/live`)).status).toBe(200);
    server.closeAllConnections();
    server.close();
  });
});

test("counts the spans that were exported and those that were lost, by reason", async () => {
  let accept = true;
  const exporter = {
    export: (_spans: unknown, done: (result: { code: number; error?: Error }) => void) =>
      done(accept ? { code: 0 } : { code: 1, error: new Error("full") }),
    shutdown: () => Promise.resolve(),
  };
  const obs = create({ tracing: { exporter, batchDelayMs: 1 } });
  obs.tracer.startSpan("kept").end();
  await expect
    .poll(() => expose(obs))
    .toContain('telltale_spans_exported_total{exporter="custom",service="chat"} 1');
  accept = false;
  obs.tracer.startSpan("lost").end();
  await expect
    .poll(() => expose(obs))
    .toContain('telltale_spans_dropped_total{exporter="custom",reason="failed",service="chat"} 1');
  expect(await expose(obs)).toContain('telltale_spans_exported_total{exporter="custom",service="chat"} 1');
});

test("tells a fault outside of whatever request happens to run", async () => {
  const lines: string[] = [];
  const obs = create({ logging: { destination: { write: (line) => void lines.push(line) } } });
  const server = createServer(
    obs.http((_req, res) => {
      obs.metrics.counter({ name: "x_total", help: "X." }).inc(-1);
      res.end();
    }),
  );
  await (await fetch(await listen(server))).text();
  await expect.poll(() => lines.find((line) => line.includes("metrics failed"))).toBeDefined();
  expect(lines.find((line) => line.includes("metrics failed"))).not.toContain("trace_id");
  server.closeAllConnections();
  server.close();
});

test("waits for markStarted() when startup is manual", async () => {
  const obs = create({ health: { startup: "manual" } });
  const server = createServer((req, res) => void obs.health.handler(req, res));
  const url = await listen(server);
  expect((await fetch(`${url}/startup`)).status).toBe(503);
  obs.health.markStarted();
  expect((await fetch(`${url}/startup`)).status).toBe(200);
  server.closeAllConnections();
  server.close();
});

test("counts what goes wrong inside it, by part, and tells the log", async () => {
  const lines: string[] = [];
  const obs = create({
    logging: { destination: { write: (line) => void lines.push(line) } },
    http: {
      labels: {
        bad: () => {
          throw new Error("oops");
        },
      },
    },
  });
  const server = createServer(obs.http((_req, res) => res.end("ok")));
  const url = await listen(server);
  for (let i = 0; i < 3; i++) expect(await (await fetch(url)).text()).toBe("ok");
  await expect
    .poll(() => expose(obs))
    .toContain('telltale_errors_total{part="http.labels",service="chat"} 3');
  expect(lines.filter((line) => line.includes("http.labels failed"))).toHaveLength(1);
  server.closeAllConnections();
  server.close();
});

function canonical(line: string): string {
  const [, name, labels, value] = /^(\w+)\{(.*)\} (.*)$/.exec(line) as unknown as [
    string,
    string,
    string,
    string,
  ];
  return `${name}{${labels.split(",").sort().join()}} ${value}`;
}

function samples(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => /^\w+\{/.test(line))
    .map(canonical);
}
