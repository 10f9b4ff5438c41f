import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import type { Renames } from "../../../src/metrics/types.js";
import { createFixture } from "../family-fixture.js";
import { complaintOf } from "./complaint.js";

const orders = { name: "orders_total", help: "Orders.", labelNames: ["shop", "outcome"] } as const;

describe("a rename of a family and its labels", () => {
  const rename = { orders_total: { name: "shop_orders", labels: { shop: "store" } } };

  it("is what every record goes to, whatever way it is recorded", async () => {
    const { metrics, lines } = createFixture({ rename });
    const counter = metrics.counter(orders);
    counter.inc({ shop: "a", outcome: "ok" });
    counter.labels("a", "ok").inc(2);
    counter.labels({ shop: "a", outcome: "ok" }).inc(4);
    counter.inc(8);
    expect(await lines()).toEqual([
      'shop_orders{store="a",outcome="ok"} 7',
      'shop_orders{store="",outcome=""} 8',
    ]);
    expect(await metrics.text()).toContain("# TYPE shop_orders counter");
  });

  it("leaves the labels as they were to the code that records", () => {
    const { metrics, told } = createFixture({ rename });
    const counter = metrics.counter(orders);
    expect([counter.name, counter.labelNames]).toEqual(["shop_orders", ["shop", "outcome"]]);
    (counter.inc as (labels: object) => void)({ store: "a" });
    expect(told).toEqual([
      'shop_orders: found label "store"; expected labels shop, outcome. It was ignored.',
    ]);
  });

  it("is found again by a second declaration", () => {
    const { metrics } = createFixture({ rename });
    expect(metrics.counter(orders)).toBe(metrics.counter(orders));
    expect(complaintOf(() => metrics.counter({ ...orders, labelNames: ["shop"] }))).toContain(
      'labelNames of "shop_orders", declared a second time: found ["shop"]; expected ["shop","outcome"]',
    );
  });

  it("forgets a label set under the declared labels", async () => {
    const { metrics, lines } = createFixture({ rename });
    const counter = metrics.counter(orders);
    counter.inc({ shop: "a" });
    counter.remove({ shop: "a" });
    expect(await lines()).toEqual([]);
  });

  it("shows in what prom-client reads: JSON, single metrics and merged registries", async () => {
    const { metrics } = createFixture({ rename });
    metrics.counter(orders).inc({ shop: "a", outcome: "ok" });
    const values = [{ value: 1, labels: { store: "a", outcome: "ok" } }];
    expect(await metrics.registry.getMetricsAsJSON()).toMatchObject([{ name: "shop_orders", values }]);
    expect(await metrics.registry.getSingleMetricAsString("shop_orders")).toContain('store="a"');
    expect(await client.Registry.merge([metrics.registry]).metrics()).toContain('store="a"');
  });

  it("shows in OpenMetrics, with the _total that it must have there", async () => {
    const { metrics } = createFixture({ rename });
    metrics.counter(orders).inc({ shop: "a", outcome: "ok" });
    expect(await metrics.text({ format: "openmetrics" })).toContain(
      'shop_orders_total{store="a",outcome="ok"} 1',
    );
  });

  it("is the name that cardinality() tells", () => {
    const { metrics } = createFixture({ rename });
    metrics.counter(orders).inc({ shop: "a" });
    expect(metrics.cardinality()).toMatchObject([{ family: "shop_orders", series: 1 }]);
  });

  it("renames the labels of a summary", async () => {
    const { metrics, lines } = createFixture({ rename: { pause: { labels: { who: "speaker" } } } });
    const summary = metrics.summary({ name: "pause", help: "h", labelNames: ["who"], percentiles: [] });
    summary.observe({ who: "me" }, 2);
    expect(summary.labelNames).toEqual(["who"]);
    expect(await lines()).toEqual(['pause_sum{speaker="me"} 2', 'pause_count{speaker="me"} 1']);
  });

  it("lets a label take the place of a default one, and its value where it is missing", async () => {
    const settings = { labels: { service: "chat" }, rename: { jobs_total: { labels: { app: "service" } } } };
    const { metrics, lines } = createFixture(settings);
    const jobs = metrics.counter({ name: "jobs_total", help: "h", labelNames: ["app"] });
    jobs.inc({ app: "mail" });
    jobs.inc();
    expect(await lines()).toEqual(['jobs_total{service="mail"} 1', 'jobs_total{service="chat"} 1']);
  });
});

describe("a prefix", () => {
  it("does not go before a name that a rename gives, but before all others", async () => {
    const rename = { a_total: { name: "exact" }, b_total: { labels: { x: "y" } } };
    const { metrics } = createFixture({ prefix: "chat_", rename });
    const labelNames = ["x"] as const;
    const names = ["a_total", "b_total", "c_total"].map(
      (name) => metrics.counter({ name, help: "h", labelNames }).name,
    );
    expect(names).toEqual(["exact", "chat_b_total", "chat_c_total"]);
  });
});

describe("a dropped label", () => {
  it("is summed over in a counter, whatever way it is recorded", async () => {
    const { metrics, lines } = createFixture({ rename: { orders_total: { labels: { shop: false } } } });
    const counter = metrics.counter(orders);
    counter.inc({ shop: "a", outcome: "ok" });
    counter.inc({ shop: "b", outcome: "ok" }, 2);
    counter.labels("c", "ok").inc(4);
    counter.labels({ shop: "d", outcome: "failed" }).inc(8);
    expect(await lines()).toEqual(['orders_total{outcome="ok"} 7', 'orders_total{outcome="failed"} 8']);
  });

  it("costs no series", () => {
    const { metrics } = createFixture({ rename: { orders_total: { labels: { shop: false } } } });
    const counter = metrics.counter({ ...orders, maxSeries: 1 });
    for (let i = 0; i < 100; i++) counter.inc({ shop: String(i), outcome: "ok" });
    expect(metrics.cardinality()).toMatchObject([{ family: "orders_total", series: 1, dropped: 0 }]);
  });

  it("leaves the caps of the other labels, and its own behind", async () => {
    const rename = { orders_total: { labels: { shop: false, outcome: "result" } } } as const;
    const { metrics, lines } = createFixture({ rename });
    const counter = metrics.counter({ ...orders, maxValues: { shop: 1, outcome: 2 } });
    for (let i = 0; i < 4; i++) counter.inc({ shop: String(i), outcome: String(i) });
    expect(await lines()).toEqual([
      'orders_total{result="0"} 1',
      'orders_total{result="1"} 1',
      'orders_total{result="__overflow__"} 2',
    ]);
    const badly = { maxValues: { plan: 1 } } as never;
    const again = createFixture({ rename }).metrics;
    expect(complaintOf(() => again.counter({ ...orders, ...(badly as object) }))).toContain(
      'maxValues of "orders_total": found "plan"',
    );
  });

  it("is summed over in a histogram, bucket by bucket", async () => {
    const { metrics, lines } = createFixture({ rename: { size: { labels: { who: false } } } });
    const size = metrics.histogram({ name: "size", help: "h", labelNames: ["who"], buckets: [10] });
    size.observe({ who: "a" }, 5);
    size.labels("b").observe(50);
    expect(await lines()).toEqual([
      'size_bucket{le="10"} 1',
      'size_bucket{le="+Inf"} 2',
      "size_sum 55",
      "size_count 2",
    ]);
  });

  it("is not zeroed together with what others have recorded", async () => {
    const { metrics, lines } = createFixture({ rename: { size: { labels: { who: false } } } });
    const size = metrics.histogram({ name: "size", help: "h", labelNames: ["who", "what"], buckets: [1] });
    size.observe({ who: "a", what: "x" }, 5);
    size.zero({ who: "b", what: "x" });
    size.labels("c", "x").zero();
    size.zero({ who: "b", what: "y" });
    expect((await lines()).filter((line) => line.includes("_count"))).toEqual([
      'size_count{what="x"} 1',
      'size_count{what="y"} 0',
    ]);
  });

  it("is reset and forgotten with the family", async () => {
    const { metrics, lines } = createFixture({ rename: { orders_total: { labels: { shop: false } } } });
    const counter = metrics.counter(orders);
    const handle = counter.labels("a", "ok");
    handle.inc(5);
    counter.remove("b", "ok");
    expect(await lines()).toEqual([]);
    handle.inc();
    counter.reset();
    handle.inc(2);
    expect(await lines()).toEqual(['orders_total{outcome="ok"} 2']);
  });

  it("does not hide what else is wrong with the labels", () => {
    const { metrics, told } = createFixture({ rename: { orders_total: { labels: { shop: false } } } });
    const counter = metrics.counter(orders);
    (counter.inc as (labels: object) => void)({ plan: "x" });
    counter.labels("a", "b", "c");
    counter.inc({ shop: "a" }, -1);
    expect(told).toEqual([
      'orders_total: found label "plan"; expected labels shop, outcome. It was ignored.',
      "orders_total: found 3 label values; expected labels shop, outcome.",
      "orders_total: inc(): found -1; expected a finite number, 0 or more. It was not recorded.",
    ]);
  });

  it("lets labels that throw, or have no text, cost no more than their value", async () => {
    const rename = {
      a_total: { labels: { shop: false } },
      b_total: { labels: { outcome: "result" } },
    } as const;
    const { metrics, lines, told } = createFixture({ rename });
    const thrower = {
      shop: "a",
      get outcome(): string {
        throw new Error("no");
      },
    };
    for (const name of ["a_total", "b_total"]) {
      const counter = metrics.counter({ ...orders, name });
      counter.inc(thrower);
      counter.remove(thrower);
      counter.labels(thrower).inc();
    }
    expect(await lines()).toEqual(['a_total{outcome=""} 1', 'b_total{shop="a",result=""} 1']);
    expect(told[0]).toBe('a_total: label "outcome" threw when it was read; it was left empty.');
  });

  it("leaves a second declaration with its labels in another order no way in", () => {
    const { metrics } = createFixture({ rename: { orders_total: { labels: { shop: false } } } });
    metrics.counter(orders);
    expect(complaintOf(() => metrics.counter({ ...orders, labelNames: ["outcome", "shop"] }))).toContain(
      'found ["outcome", "shop"]; expected ["shop","outcome"]',
    );
  });
});

describe("what the catalog is told of a declaration", () => {
  it("has the exported name, labels, bounds and unit", () => {
    const rename: Renames = {
      wait_seconds: { name: "wait_ms", labels: { q: "queue", r: false }, scale: 1000, unit: "milliseconds" },
    };
    const { metrics } = createFixture({ prefix: "p_", rename });
    const options = { help: "h", labelNames: ["q", "r"], unit: "seconds", buckets: [0.1] };
    expect(metrics.naming.describe("histogram", { ...options, name: "wait_seconds" })).toEqual([
      {
        type: "histogram",
        help: "h",
        exported: "wait_ms",
        exportedLabels: ["queue"],
        unit: "milliseconds",
        buckets: [100],
      },
    ]);
    expect(metrics.naming.describe("histogram", { ...options, name: "other_seconds" })).toEqual([
      {
        type: "histogram",
        help: "h",
        exported: "p_other_seconds",
        exportedLabels: ["q", "r"],
        unit: "seconds",
        buckets: [0.1],
      },
    ]);
  });

  it("has no unit where values are scaled and none is given", () => {
    const { metrics } = createFixture({ rename: { x_seconds: { scale: 1000 }, y_seconds: { name: "y" } } });
    const unitOf = (name: string) =>
      metrics.naming.describe("gauge", { name, help: "h", unit: "seconds" })[0]?.unit;
    expect([unitOf("x_seconds"), unitOf("y_seconds")]).toEqual([undefined, "seconds"]);
  });
});

describe("a rename that nobody declares", () => {
  it("is told by its name until it is declared", () => {
    const { metrics } = createFixture({ rename: { orders_total: { name: "o" }, typo_total: { name: "t" } } });
    expect(metrics.naming.unused()).toEqual(["orders_total", "typo_total"]);
    metrics.counter(orders);
    expect(metrics.naming.unused()).toEqual(["typo_total"]);
  });
});
