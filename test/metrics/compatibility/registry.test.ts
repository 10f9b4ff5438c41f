import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metric, Registry, RegistryContentType } from "prom-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { createObservability } from "../../../src/index.js";
import type { Metrics } from "../../../src/metrics/index.js";
import { createFixture } from "../family-fixture.js";
import { type Client, KIN, numbersOf, withSortedLabels } from "./clients.js";

interface Declared {
  readonly metrics: Metrics;
  readonly registry: Registry;
  readonly told: string[];
}

function declareAll(client: Client): Declared {
  const { metrics, told } = createFixture({ labels: { service: "chat" } }, { client });
  metrics.counter({ name: "c_total", help: "h", labelNames: ["a"] }).inc({ a: "x" }, 2);
  metrics.gauge({ name: "g", help: "h", aggregator: "max" }).set(3);
  metrics.histogram({ name: "h", help: "h", labelNames: ["a"], buckets: [1] }).observe({ a: "x" }, 0.5);
  metrics.summary({ name: "s", help: "h", percentiles: [0.5] }).observe(4);
  new client.Counter({ name: "foreign_total", help: "h", registers: [metrics.registry] }).inc(4);
  return { metrics, registry: metrics.registry, told };
}

const withoutLabels = [
  'c_total{a="x"} 2',
  "g 3",
  'h_bucket{a="x",le="1"} 1',
  'h_bucket{a="x",le="+Inf"} 1',
  'h_sum{a="x"} 0.5',
  'h_count{a="x"} 1',
  's{quantile="0.5"} 4',
  "s_sum 4",
  "s_count 1",
  "foreign_total 4",
];
const withService = (lines: string[]) =>
  lines.map((line) =>
    line.includes("}") ? line.replace("}", ',service="chat"}') : line.replace(/^(\w+)/, '$1{service="chat"}'),
  );
const numbers = withService(withoutLabels);
const shown = async (registry: { metrics(): unknown }) =>
  numbersOf(withSortedLabels((await registry.metrics()) as string));

describe.each(KIN)("the registry made of $name", ({ client }) => {
  it("is one of that client's, and shows every family with the default labels", async () => {
    const { registry } = declareAll(client);
    expect(registry).toBeInstanceOf(client.Registry);
    expect(await shown(registry)).toEqual(numbers);
    expect(registry.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it("lists what is registered, in order", () => {
    const { registry } = declareAll(client);
    const names = ["c_total", "g", "h", "s", "foreign_total"];
    expect(registry.getMetricsAsArray().map(({ name }) => name)).toEqual(names);
    expect(registry.getMetricsAsArray().map(({ help }) => help)).toEqual(names.map(() => "h"));
  });

  it("hands out a metric that records, and its text", async () => {
    const { registry } = declareAll(client);
    (registry.getSingleMetric("c_total") as InstanceType<Client["Counter"]>).inc({ a: "x" }, 3);
    expect(registry.getSingleMetric("unknown")).toBeUndefined();
    expect(await registry.getSingleMetricAsString("c_total")).toBe(
      '# HELP c_total h\n# TYPE c_total counter\nc_total{a="x",service="chat"} 5',
    );
    for (const [i, name] of [[9, "foreign_total"] as const, [1, "g"] as const])
      expect(numbersOf(await registry.getSingleMetricAsString(name))).toEqual([numbers[i]]);
    await expect(registry.getSingleMetricAsString("unknown")).rejects.toThrow(TypeError);
  });

  it("gives every metric as JSON, with the default labels", async () => {
    const { registry } = declareAll(client);
    const json = await registry.getMetricsAsJSON();
    expect(json.map(({ name, type, aggregator }) => [name, type, aggregator])).toEqual([
      ["c_total", "counter", "sum"],
      ["g", "gauge", "max"],
      ["h", "histogram", "sum"],
      ["s", "summary", "sum"],
      ["foreign_total", "counter", "sum"],
    ]);
    expect(json[0]).toEqual({
      name: "c_total",
      help: "h",
      type: "counter",
      aggregator: "sum",
      values: [{ value: 2, labels: { a: "x", service: "chat" } }],
    });
    expect(json[2]?.values[0]).toMatchObject({ labels: { le: 1, a: "x", service: "chat" }, value: 1 });
  });

  it("removes one metric, resets all, and is empty after clear()", async () => {
    const { metrics, registry } = declareAll(client);
    registry.removeSingleMetric("g");
    expect(await shown(registry)).not.toContain('g{service="chat"} 3');
    registry.resetMetrics();
    const left = await shown(registry);
    expect(left.slice(-1)).toEqual(['foreign_total{service="chat"} 0']);
    expect(left.join("\n")).not.toMatch(/^(c_total|h_)/m);
    registry.clear();
    expect(await registry.metrics()).toBe("");
    metrics.gauge({ name: "g", help: "h" });
    expect(await shown(registry)).toEqual(['g{service="chat"} 0']);
  });

  it("changes the default labels", async () => {
    const { registry } = declareAll(client);
    registry.setDefaultLabels({ zone: "a" });
    expect(await shown(registry)).toEqual(numbers.map((line) => line.replace('service="chat"', 'zone="a"')));
  });

  it("refuses a metric of a name that it has", () => {
    const { registry } = declareAll(client);
    const again = () => new client.Gauge({ name: "c_total", help: "h", registers: [registry] });
    expect(again).toThrow("A metric with the name c_total has already been registered.");
  });

  it("is merged with registries of that client, from either side", async () => {
    const { registry } = declareAll(client);
    const other = new client.Registry();
    new client.Gauge({ name: "other", help: "h", registers: [other] }).set(5);
    expect(await shown(client.Registry.merge([registry, other]))).toEqual([...withoutLabels, "other 5"]);
    expect(await shown(client.Registry.merge([other, registry]))).toEqual(["other 5", ...withoutLabels]);
  });

  it("is aggregated over processes by that client", async () => {
    const both = await Promise.all([1, 2].map(() => declareAll(client).registry.getMetricsAsJSON()));
    const sent = JSON.parse(JSON.stringify(both)) as object[];
    expect(await shown(client.AggregatorRegistry.aggregate(sent))).toEqual(
      withService([
        'c_total{a="x"} 4',
        "g 3",
        'h_bucket{a="x",le="1"} 2',
        'h_bucket{a="x",le="+Inf"} 2',
        'h_sum{a="x"} 1',
        'h_count{a="x"} 2',
        's{quantile="0.5"} 8',
        "s_sum 8",
        "s_count 2",
        "foreign_total 8",
      ]),
    );
    const { registry } = declareAll(client);
    expect(() => client.AggregatorRegistry.setRegistries([registry])).not.toThrow();
    client.AggregatorRegistry.setRegistries(client.register);
  });

  it("is pushed by that client's Pushgateway class", async () => {
    const { registry } = declareAll(client);
    const bodies: string[] = [];
    const server = createServer((req, res) => {
      req
        .setEncoding("utf8")
        .on("data", (chunk: string) => bodies.push(chunk))
        .on("end", () => res.end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new client.Pushgateway(`http://127.0.0.1:${port}`, {}, registry).pushAdd({ jobName: "j" });
    await new Promise((resolve) => server.close(resolve));
    expect(bodies.join("")).toBe(await registry.metrics());
  });

  it("takes that client's default metrics", async () => {
    const { metrics, told } = createFixture({}, { client });
    client.collectDefaultMetrics({ register: metrics.registry });
    expect((await metrics.text()).match(/^# TYPE \S+/gm)).toEqual(
      expect.arrayContaining(["# TYPE process_cpu_seconds_total", "# TYPE nodejs_heap_size_used_bytes"]),
    );
    expect((await metrics.text()).match(/^nodejs_version_info\{version="v/gm)).toHaveLength(1);
    expect(told).toEqual([]);
  });
});

const withOpenMetrics = KIN.filter(({ hasOpenMetrics }) => hasOpenMetrics);

describe.each(withOpenMetrics)("in OpenMetrics the registry made of $name", ({ client }) => {
  it("is switched to that format and back, and leaves every name as it was", async () => {
    const { registry, metrics } = declareAll(client);
    const before = await metrics.text();
    const asOpen = registry as Registry<RegistryContentType>;
    asOpen.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE);
    const open = await registry.metrics();
    expect(await shown(registry)).toEqual(numbers.map((line) => line.replace('le="1"', 'le="1.0"')));
    expect(open.match(/^# TYPE \S+/gm)).toEqual([
      "# TYPE c",
      "# TYPE g",
      "# TYPE h",
      "# TYPE s",
      "# TYPE foreign",
    ]);
    expect(open.endsWith("\n# EOF\n")).toBe(true);
    asOpen.setContentType(client.Registry.PROMETHEUS_CONTENT_TYPE);
    expect(await metrics.text()).toBe(before);
  });

  it("shows the exemplars of that client's metrics", async () => {
    const { metrics } = createFixture({}, { client });
    const registry = metrics.registry as Registry<RegistryContentType>;
    registry.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE);
    const options = { help: "h", registers: [registry], labelNames: ["a"], enableExemplars: true };
    const counter = new client.Counter({ ...options, name: "c_total" });
    const histogram = new client.Histogram({ ...options, name: "h", buckets: [1] });
    counter.inc({ labels: { a: "x" }, value: 2, exemplarLabels: { traceId: "t1" } });
    histogram.observe({ labels: { a: "x" }, value: 0.5, exemplarLabels: { traceId: "t2" } });
    const text = withSortedLabels(await metrics.text());
    expect(text).toMatch(/^c_total\{a="x"\} 2 # \{traceId="t1"\} 2 \d/m);
    expect(text).toMatch(/^h_bucket\{a="x",le="1.0"\} 1 # \{traceId="t2"\} 0.5 \d/m);
  });
});

describe("createObservability()", () => {
  it.each(KIN)("makes its registry of $name where that is handed over", async ({ client }) => {
    const obs = createObservability({ service: "chat", metrics: { client }, logging: { level: "silent" } });
    onTestFinished(() => obs.close());
    expect(obs.metrics.registry).toBeInstanceOf(client.Registry);
    const theirs = new client.Registry();
    new client.Gauge({ name: "theirs", help: "h", registers: [theirs] }).set(2);
    obs.metrics.adopt(theirs);
    expect(await obs.metrics.registry.metrics()).toContain('\ntheirs{service="chat"} 2\n');
  });
});

describe("a metric of prom-client's kind that is written by hand", () => {
  it.each(KIN)("shows in the registry made of $name, read at once or later", async ({ client }) => {
    const { metrics } = createFixture({}, { client });
    const item = (name: string) => ({ name, help: "h", type: "gauge", values: [{ value: 1, labels: {} }] });
    for (const metric of [
      { ...item("now"), get: () => item("now") },
      { ...item("later"), get: () => Promise.resolve(item("later")) },
    ])
      metrics.registry.registerMetric(metric as unknown as Metric);
    expect(await shown(metrics.registry)).toEqual(["now 1", "later 1"]);
  });
});
