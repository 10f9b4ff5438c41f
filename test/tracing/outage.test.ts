import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { ObservabilityOptions } from "../../src/index.js";
import { observe } from "../support/service.js";
import { eventually } from "./eventually.js";

type Mood = "well" | "gone" | "hung" | "broken";

/** A collector whose mood changes; `gone` cuts every connection at once. */
async function moodyCollector() {
  let mood: Mood = "well";
  let taken = 0;
  const server = createServer((req, res) => {
    req.resume();
    if (mood === "hung") return;
    if (mood === "well") taken++;
    res.writeHead(mood === "well" ? 200 : 503).end();
  });
  server.on("connection", (socket) => {
    if (mood === "gone") socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: () => taken,
    turn(to: Mood) {
      mood = to;
      if (to === "gone") server.closeAllConnections();
    },
  };
}

/** A service with 1 ms between its exports and a queue of 200. */
async function service(tracing: NonNullable<Exclude<ObservabilityOptions["tracing"], false>>) {
  const observed = observe({
    tracing: { exportTimeoutMs: 700, batchDelayMs: 1, maxQueueSize: 200, maxBatchSize: 50, ...tracing },
  });
  const { obs } = observed;
  const server = createServer(obs.http((_req, res) => void res.end("ok")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rooms`;
  const load = async (requests: number): Promise<number[]> => {
    const statuses: number[] = [];
    for (let at = 0; at < requests; at += 10)
      statuses.push(
        ...(await Promise.all(Array.from({ length: 10 }, async () => (await fetch(url)).status))),
      );
    return statuses;
  };
  const value = async (name: string): Promise<number> =>
    (await observed.samples())
      .filter((sample) => sample.name === name)
      .reduce((sum, sample) => sum + sample.value, 0);
  return { ...observed, load, value };
}

it.each([
  ["otlp", "gone"],
  ["otlp", "hung"],
  ["otlp", "broken"],
  ["jaeger", "hung"],
  ["zipkin", "gone"],
] as const)(
  "%s: a collector that is %s for a while costs no request, no memory and one line, and gets spans again",
  async (exporter, mood) => {
    const collector = await moodyCollector();
    const { lines, load, value } = await service({ exporter, endpoint: collector.url });
    await load(50);
    await eventually(() => value("telltale_spans_exported_total")).toBeGreaterThan(0);

    collector.turn(mood);
    const statuses = await load(1000);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(await value("telltale_spans_queued")).toBeLessThanOrEqual(200);
    await eventually(() => value("telltale_spans_queued")).toBe(0);
    const told = () => lines.filter(({ part }) => String(part).startsWith("tracing.export"));
    await eventually(() => told().length).toBe(1);

    collector.turn("well");
    const before = collector.taken();
    await expect
      .poll(async () => (await load(10)) && collector.taken(), { timeout: 18_000, interval: 200 })
      .toBeGreaterThan(before);
    expect(told()).toHaveLength(1);
  },
  40_000,
);

it("counts every span of an outage once: exported, or dropped for a reason", async () => {
  const collector = await moodyCollector();
  const { load, value } = await service({ exporter: "otlp", endpoint: collector.url });
  collector.turn("broken");
  await load(500);
  await eventually(() => value("telltale_spans_queued")).toBe(0);
  const counted = async () =>
    (await value("telltale_spans_exported_total")) + (await value("telltale_spans_dropped_total"));
  await eventually(counted).toBe(500);
  expect(await value("telltale_spans_exported_total")).toBe(0);
});
