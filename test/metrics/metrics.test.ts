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
});
