import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../../src/metrics/index.js";

const settings = { prefix: "chat_", labels: { service: "chat" }, maxSeriesPerFamily: 100 };

describe("createMetrics", () => {
  it("puts the prefix before every name and the default labels on every series", async () => {
    const metrics = createMetrics(settings);
    const jobs = metrics.counter({ name: "jobs_total", help: "Jobs done.", labelNames: ["queue"] });
    jobs.inc({ queue: "mail" }, 2);
    metrics.gauge({ name: "depth", help: "Jobs waiting." }).set(3);
    const wait = metrics.histogram({
      name: "wait_seconds",
      help: "Wait.",
      labelNames: ["queue"],
      buckets: [0.1, 1],
    });
    wait.labels("mail").observe(0.5);
    expect(await metrics.text()).toBe(`# HELP chat_jobs_total Jobs done.
# TYPE chat_jobs_total counter
chat_jobs_total{queue="mail",service="chat"} 2

# HELP chat_depth Jobs waiting.
# TYPE chat_depth gauge
chat_depth{service="chat"} 3

# HELP chat_wait_seconds Wait.
# TYPE chat_wait_seconds histogram
chat_wait_seconds_bucket{le="0.1",service="chat",queue="mail"} 0
chat_wait_seconds_bucket{le="1",service="chat",queue="mail"} 1
chat_wait_seconds_bucket{le="+Inf",service="chat",queue="mail"} 1
chat_wait_seconds_sum{service="chat",queue="mail"} 0.5
chat_wait_seconds_count{service="chat",queue="mail"} 1
`);
  });

  it("makes its registry of the prom-client that is handed over", async () => {
    class Registry extends client.Registry {}
    const metrics = createMetrics(settings, {
      client: { ...client, Registry: Registry as typeof client.Registry },
    });
    metrics.gauge({ name: "depth", help: "h" }).set(1);
    new client.Gauge({ name: "foreign", help: "h", registers: [metrics.registry] });
    expect(metrics.registry).toBeInstanceOf(Registry);
    expect((await metrics.text()).match(/^\w+(?=\{)/gm)).toEqual(["chat_depth", "foreign"]);
  });

  it("keeps instances apart, so that both may declare the same names", async () => {
    const [one, other] = [createMetrics(settings), createMetrics(settings)];
    for (const metrics of [one, other]) metrics.counter({ name: "jobs_total", help: "h" });
    one.counter({ name: "jobs_total", help: "h" }).inc();
    expect([await one.text(), await other.text()].map((text) => text.at(-2))).toEqual(["1", "0"]);
  });

  it("goes on recording and showing after close()", async () => {
    const metrics = createMetrics(settings);
    const counter = metrics.counter({ name: "jobs_total", help: "h" });
    counter.inc();
    const before = await metrics.text();
    metrics.close();
    counter.inc();
    expect(await metrics.text()).toBe(before.replace("} 1", "} 2"));
  });

  it("warns the process of misuse when nobody else is told", async () => {
    const warning = new Promise<Error>((resolve) => process.once("warning", resolve));
    createMetrics(settings).counter({ name: "jobs_total", help: "h" }).inc(-1);
    expect((await warning).message).toContain("chat_jobs_total: inc(): found -1");
  });
});
