import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { SinkOptions } from "../../../src/logging/sinks/options.js";
import { createQueue } from "../../../src/logging/sinks/queue.js";
import { type Compiled, compile } from "../compiled.js";
import { createHouse, type FakeHouse } from "../fakes.js";
import { throughBinary } from "./otlp-messages.js";

const PATIENT = { timeout: 20_000 };
type Answer = (res: ServerResponse, body: string, req: IncomingMessage) => void;

/** A receiver that answers as it is told; what it was sent. */
async function receive(answer: Answer = (res) => res.writeHead(204).end()) {
  const bodies: string[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    let body = "";
    req.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    req.on("end", () => {
      bodies.push(body);
      requests.push(req);
      answer(res, body, req);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, requests };
}

function openHouse(sink: SinkOptions, format: "json" | "document" | "ecs" | "gcp" | "pretty" = "json") {
  const dropped: string[] = [];
  const told: string[] = [];
  const house: FakeHouse = createHouse(
    { format, sinks: [sink] },
    {
      dropped: (name, reason, lines) => void dropped.push(`${name} ${reason} ${lines}`),
      tell: (text) => void told.push(text),
      traceFlags: () => house.ids.current?.traceFlags,
    },
  );
  onTestFinished(() => house.close());
  return { house, dropped, told };
}

interface LokiBody {
  streams: { stream: Record<string, string>; values: [string, string][] }[];
}

describe("a loki sink", () => {
  it("pushes a stream for each level, with labels, rising times and the lines as they are", async () => {
    const { url, bodies, requests } = await receive();
    const { house, dropped } = openHouse({
      to: "loki",
      url,
      labels: { env: "test" },
      headers: { "x-scope-orgid": "a" },
    });
    for (let i = 0; i < 3; i++) house.logger.info({ i }, "line");
    house.logger.error("failed");
    await house.close();
    const { streams } = JSON.parse(bodies[0] ?? "") as LokiBody;
    expect(streams.map(({ stream }) => stream)).toEqual([
      { service_name: "chat", env: "test", level: "info" },
      { service_name: "chat", env: "test", level: "error" },
    ]);
    const times = streams[0]?.values.map(([time]) => time) ?? [];
    expect(new Set(times).size).toBe(3);
    expect([...times].sort()).toEqual(times);
    expect(times[0]).toMatch(/^\d{19}$/);
    expect(streams[0]?.values.map(([, line]) => (JSON.parse(line) as { i: number }).i)).toEqual([0, 1, 2]);
    expect(requests[0]?.url).toBe("/loki/api/v1/push");
    expect(requests[0]?.headers["x-scope-orgid"]).toBe("a");
    expect(dropped).toEqual([]);
  });

  it("gets JSON where people get pretty", async () => {
    const { url, bodies } = await receive();
    const { house } = openHouse({ to: "loki", url }, "pretty");
    house.logger.info("line");
    await house.close();
    const { streams } = JSON.parse(bodies[0] ?? "") as LokiBody;
    expect(JSON.parse(streams[0]?.values[0]?.[1] ?? "")).toMatchObject({ msg: "line" });
  });
});

describe("an otlp sink", () => {
  const TRACE = "0af7651916cd43dd8448eb211c80319c";
  const SPAN = "b7ad6b7169203331";

  it.each(["json", "document", "ecs", "gcp"] as const)(
    "sends records with severity, body, ids and attributes (%s)",
    async (format) => {
      const { url, bodies, requests } = await receive((res) => res.end("{}"));
      const { house, dropped } = openHouse({ to: "otlp", url }, format);
      house.ids.current = { traceId: TRACE, spanId: SPAN, traceFlags: 1, requestId: "" };
      house.logger.warn({ count: 3, ratio: 0.5, ok: true, list: ["a"], nested: { deep: null } }, "line");
      await house.close();
      expect(requests[0]?.url).toBe("/v1/logs");
      const [of] = (
        JSON.parse(bodies[0] ?? "") as {
          resourceLogs: { resource: unknown; scopeLogs: { logRecords: Record<string, unknown>[] }[] }[];
        }
      ).resourceLogs;
      expect(of?.resource).toEqual({ attributes: [{ key: "service.name", value: { stringValue: "chat" } }] });
      const record = of?.scopeLogs[0]?.logRecords[0];
      expect(record).toMatchObject({
        timeUnixNano: expect.stringMatching(/^\d{19}$/),
        severityNumber: 13,
        severityText: "WARN",
        body: { stringValue: "line" },
        traceId: TRACE,
        spanId: SPAN,
        flags: 1,
      });
      expect(record?.["attributes"]).toEqual(
        expect.arrayContaining([
          { key: "count", value: { intValue: "3" } },
          { key: "ratio", value: { doubleValue: 0.5 } },
          { key: "ok", value: { boolValue: true } },
          { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }] } } },
          { key: "nested", value: { kvlistValue: { values: [{ key: "deep", value: {} }] } } },
        ]),
      );
      expect(JSON.stringify(record?.["attributes"])).not.toMatch(
        /"key":"(service|level|time|severity|@timestamp)"/,
      );
      expect(dropped).toEqual([]);
    },
  );

  it("sends what the official messages define, by name and by type", async () => {
    const { url, bodies } = await receive((res) => res.end("{}"));
    const { house } = openHouse({ to: "otlp", url, resource: { "k8s.pod.name": "chat-1" } });
    house.ids.current = { traceId: TRACE, spanId: SPAN, traceFlags: 1, requestId: "r1" };
    house.logger.info({ count: -3, big: 2 ** 60, ok: false, list: [1, ["a"]], deep: { none: null } }, "line");
    house.logger.error(new Error("failed"));
    await house.close();
    const sent = JSON.parse(bodies[0] ?? "") as { resourceLogs: { resource: unknown }[] };
    expect(throughBinary(bodies[0] ?? "")).toEqual(sent);
    expect(sent.resourceLogs[0]?.resource).toEqual({
      attributes: [
        { key: "service.name", value: { stringValue: "chat" } },
        { key: "k8s.pod.name", value: { stringValue: "chat-1" } },
      ],
    });
  });

  it("says the severity in OpenTelemetry's numbers, and neither ids nor flags outside of a trace", async () => {
    const { url, bodies } = await receive((res) => res.end("{}"));
    const { house } = openHouse({ to: "otlp", url });
    for (const level of ["trace", "debug", "info", "warn", "error", "fatal"] as const)
      house.logger[level]("x");
    await house.close();
    const records = bodies.flatMap(
      (body) =>
        (
          JSON.parse(body) as {
            resourceLogs: { scopeLogs: { logRecords: Record<string, unknown>[] }[] }[];
          }
        ).resourceLogs[0]?.scopeLogs[0]?.logRecords ?? [],
    );
    expect(records.map(({ severityNumber, severityText }) => `${severityNumber} ${severityText}`)).toEqual([
      "1 TRACE",
      "5 DEBUG",
      "9 INFO",
      "13 WARN",
      "17 ERROR",
      "21 FATAL",
    ]);
    expect(Object.keys(records[0] ?? {})).not.toContain("traceId");
    expect(Object.keys(records[0] ?? {})).not.toContain("flags");
  });

  it("counts the records that were refused of a request that was taken", async () => {
    const { url } = await receive((res) => res.end('{"partialSuccess":{"rejectedLogRecords":"2"}}'));
    const { house, dropped } = openHouse({ to: "otlp", url });
    for (let i = 0; i < 3; i++) house.logger.info("x");
    await house.close();
    expect(dropped).toEqual(["otlp rejected 2"]);
  });
});

describe("a receiver that fails", () => {
  it.each([429, 503])("gets a batch again after %i, and nothing is lost", async (status) => {
    let answers = 0;
    const { url, bodies } = await receive((res) => res.writeHead(answers++ === 0 ? status : 204).end());
    const { house, dropped } = openHouse({ to: "loki", url });
    house.logger.info("x");
    house.flush();
    await expect.poll(() => bodies.length, PATIENT).toBe(2);
    expect(bodies[0]).toBe(bodies[1]);
    await house.close();
    expect(dropped).toEqual([]);
  });

  it("gets a batch again when it has not answered within timeoutMs", async () => {
    let answers = 0;
    const { url, bodies } = await receive((res) => void (answers++ > 0 && res.writeHead(204).end()));
    const { house } = openHouse({ to: "loki", url, timeoutMs: 200 });
    house.logger.info("x");
    house.flush();
    await expect.poll(() => bodies.length, PATIENT).toBeGreaterThanOrEqual(2);
    await house.close();
  });

  it("loses what it refuses, counted and told once with where it is and no secret of its URL", async () => {
    const { url } = await receive((res) => res.writeHead(400).end("no such tenant"));
    const { house, dropped, told } = openHouse({ to: "loki", url: url.replace("//", "//bob:hunter2@") });
    house.logger.info("x");
    house.flush();
    await expect.poll(() => dropped, PATIENT).toEqual(["loki rejected 1"]);
    house.logger.info("y");
    await house.close();
    expect(dropped).toEqual(["loki rejected 1", "loki rejected 1"]);
    expect(told).toEqual([
      expect.stringMatching(
        /^log output loki: http:\/\/127\.0\.0\.1:\d+: it answered 400 no such tenant \(1 lines lost\)$/,
      ),
    ]);
  });

  it("costs the lines that wait when it hangs, and holds up no close", async () => {
    const { url } = await receive(() => undefined);
    const { house, dropped } = openHouse({ to: "loki", url });
    house.logger.info("x");
    house.flush();
    house.logger.info("y");
    await house.close();
    house.logger.info("z");
    expect(dropped).toEqual(["loki closed 1", "loki closed 1", "loki closed 1"]);
  });

  it("costs the lines when nobody listens", async () => {
    const { house, dropped } = openHouse({ to: "otlp", url: "http://127.0.0.1:1" });
    house.logger.info("x");
    await house.close();
    expect(dropped).toEqual(["otlp unreachable 1"]);
  });
});

describe("the queue", () => {
  it("takes 8 M characters, hands out batches in order, and takes again what it has handed out", () => {
    const queue = createQueue();
    const line = `${"x".repeat(1024 * 1024 - 1)}\n`;
    const taken = Array.from({ length: 10 }, () => queue.add(line));
    expect(taken).toEqual([...Array(8).fill(true), false, false]);
    expect([queue.hasBatch(), queue.take().length, queue.add(line), queue.add(line)]).toEqual([
      true,
      1,
      true,
      false,
    ]);
    while (queue.hasAny()) queue.take();
    expect([queue.hasBatch(), queue.take()]).toEqual([false, []]);
    for (let i = 0; i < 6000; i++) queue.add(`${i}\n`, 40);
    expect(queue.take().length).toBe(5000);
    expect(queue.take()[0]).toMatchObject({ line: "5000", level: 40 });
  });
});

describe("a process with a remote sink", () => {
  let compiled: Compiled;
  beforeAll(() => {
    compiled = compile();
  });
  afterAll(() => {
    compiled.remove();
  });

  it("sends its last lines when it runs out of work, and ends by itself", async () => {
    const { url, bodies } = await receive();
    const ended = await compiled.run(
      `const { logger } = make({ sinks: [{ to: "loki", url: "${url}" }] }); logger.info("one"); logger.info("two");`,
    );
    expect(ended.code).toBe(0);
    const { streams } = JSON.parse(bodies[0] ?? "") as LokiBody;
    expect(streams[0]?.values).toHaveLength(2);
  });

  it.each([
    ["wait", ""],
    ["are under way", "logging.flush();"],
  ])("tells at process.exit() how many lines %s", async (_where, then) => {
    const { url } = await receive(() => undefined);
    const ended = await compiled.run(
      `const logging = make({ sinks: [{ to: "loki", url: "${url}" }] });
       process.on("exit", () => process.stderr.write(drops.join() + notes.join()));
       logging.logger.info("one"); logging.logger.info("two"); ${then}
       setTimeout(() => process.exit(5), 200);`,
    );
    expect(ended.code).toBe(5);
    expect(ended.stderr).toMatch(
      /^loki closed 2log log output loki: http:\S+: the process ended before they were sent \(2 lines lost\)$/,
    );
  });

  it("is not kept alive by a receiver that is gone", async () => {
    const ended = await compiled.run(
      `const { logger } = make({ sinks: [{ to: "loki", url: "http://127.0.0.1:1" }] }); logger.info("one");
       process.on("exit", () => process.stderr.write(drops.join()));`,
    );
    expect([ended.code, ended.stderr]).toEqual([0, "loki unreachable 1"]);
  });
});
