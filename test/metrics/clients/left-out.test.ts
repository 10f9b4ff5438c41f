import { createRequire } from "node:module";
import { Registry, register } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadedModules } from "../../../src/metrics/clients/left-out.js";
import { type Children, prepareChildren } from "../../support/child.js";
import { KIN } from "../compatibility/clients.js";
import { createFixture } from "../family-fixture.js";

const client = (KIN[0] as (typeof KIN)[number]).client;

// As a loaded copy of prom-client looks: the class of registries, with the default one on it.
function copyWith(...names: string[]) {
  const registry = new Registry();
  for (const name of names) new client.Gauge({ name, help: "h", registers: [registry] });
  const exports = Object.assign(class extends Registry {}, { globalRegistry: registry });
  return { registry, exports };
}

function watching(modules: Record<string, { exports: unknown } | undefined>) {
  return createFixture({}, { modules: () => modules });
}

const advice =
  "To show them call obs.metrics.adopt(register) with it, or declare them with registers: [obs.metrics.registry].";

describe("metrics in the default registry of a copy of prom-client", () => {
  it.each([
    ["/app/node_modules/prom-client/lib/registry.js", "/app/node_modules/prom-client"],
    ["C:\\app\\node_modules\\prom-client\\lib\\registry.js", "C:\\app\\node_modules\\prom-client"],
  ])("are told of by name and by folder (%s)", async (file, folder) => {
    const { metrics, told } = watching({ [file]: copyWith("a", "b", "c", "d", "e") });
    await metrics.text();
    expect(told).toEqual([
      `prom-client: the default registry of ${folder} has metrics that do not show here: a, b, c and 2 more. ${advice}`,
    ]);
  });

  it("are told of once in a process, however many instances look", async () => {
    const modules = { "/x/lib/registry.js": copyWith("a") };
    const first = watching(modules);
    const second = watching(modules);
    for (let i = 0; i < 10; i++) await first.metrics.text();
    await second.metrics.text();
    expect([first.told, second.told]).toEqual([[expect.stringContaining("here: a. ")], []]);
  });

  it("are looked for at the 1st, 10th and 100th scrape", async () => {
    let looks = 0;
    const modules = (): LoadedModules => {
      looks++;
      return {};
    };
    const { metrics } = createFixture({}, { modules });
    const seen: number[] = [];
    for (let scrape = 1; scrape <= 100; scrape++) {
      const before = looks;
      await metrics.text();
      if (looks > before) seen.push(scrape);
    }
    expect(seen).toEqual([1, 10, 100]);
  });

  it("are told of when they come after the first scrape", async () => {
    const copy = copyWith();
    const { metrics, told } = watching({ "/x/lib/registry.js": copy });
    await metrics.text();
    expect(told).toEqual([]);
    new client.Gauge({ name: "late", help: "h", registers: [copy.registry] });
    for (let scrape = 2; scrape <= 10; scrape++) await metrics.text();
    expect(told).toEqual([expect.stringContaining("here: late. ")]);
  });

  it("are not told of when the registry is adopted, by whichever instance", async () => {
    const copy = copyWith("a");
    const modules = { "/x/lib/registry.js": copy };
    const [one, other] = [watching(modules), watching(modules)];
    one.metrics.adopt(copy.registry);
    await one.metrics.text();
    await other.metrics.text();
    expect([...one.told, ...other.told]).toEqual([]);
  });

  it("are not told of when they stand in ours too", async () => {
    const copy = copyWith();
    const { metrics, told } = watching({ "/x/lib/registry.js": copy });
    new client.Gauge({ name: "both", help: "h", registers: [copy.registry, metrics.registry] });
    await metrics.text();
    expect(told).toEqual([]);
  });

  it("are looked for in registries alone, and without running anybody's getter", async () => {
    const getter = Object.defineProperty(() => undefined, "globalRegistry", {
      get: () => {
        throw new Error("ran");
      },
    });
    const { metrics, told } = watching({
      "/app/lib/registry.js": { exports: getter },
      "/other/lib/registry.js": { exports: { globalRegistry: copyWith("a").registry } },
      "/third/lib/registry.js": { exports: Object.assign(() => 1, { globalRegistry: new Map() }) },
      "/app/lib/other.js": copyWith("a"),
      "/gone/lib/registry.js": undefined,
    });
    await metrics.text();
    expect(told).toEqual([]);
  });

  it("cost no scrape when they cannot be read", async () => {
    const { registry, exports } = copyWith("a");
    registry.getMetricsAsArray = () => {
      throw new Error("no");
    };
    const { metrics, told, lines } = watching({ "/x/lib/registry.js": { exports } });
    metrics.gauge({ name: "g", help: "h" });
    expect(await lines()).toEqual(["g 0"]);
    expect(told).toEqual(["prom-client: the default registry of /x could not be read: Error: no"]);
  });

  it("of the copies in this very process are found", async () => {
    const opossum = createRequire(createRequire(import.meta.url).resolve("opossum-prometheus"));
    const old = opossum("prom-client") as typeof client;
    const all = [...KIN.map(({ client }) => client), old];
    for (const { Gauge } of all) new Gauge({ name: "lost", help: "h" });
    const { metrics, told } = createFixture();
    await metrics.text();
    for (const { register } of all) register.clear();
    expect(told.map((text) => /registry of .*node_modules\/(\S+)/.exec(text)?.[1]).sort()).toEqual([
      "@platformatic/prom-client",
      "@prometheus-io/client",
      "prom-client",
      "prom-client",
      "prom-client14",
    ]);
    expect(register.getMetricsAsArray()).toEqual([]);
  });
});

describe("a service", () => {
  let children: Children;
  beforeAll(() => {
    children = prepareChildren();
  });
  afterAll(() => children.remove());

  const start = `
    const obs = createObservability({ service: "chat" });
    const told = async () => {
      await obs.metrics.registry.metrics();
      await obs.close();
    };`;

  it.each([
    ["requires", 'const { Gauge, register } = require("prom-client14"); void run({ Gauge, register });'],
    ["imports", 'import("prom-client14").then(run);'],
  ])("that %s another copy is told in its log", async (_how, load) => {
    const { stdout, code } = await children.run(`
      ${start}
      function run({ Gauge }) { new Gauge({ name: "lost", help: "h" }); return told(); }
      ${load}`);
    expect(code).toBe(0);
    expect(stdout.match(/^.*has metrics that do not show here: lost\..*$/gm)).toHaveLength(1);
  });

  it("that loads no other copy, or adopts it, is told nothing", async () => {
    const { stdout, code } = await children.run(`
      ${start}
      const { Gauge, register } = require("prom-client14");
      new Gauge({ name: "lost", help: "h" });
      obs.metrics.adopt(register);
      void told();`);
    expect(code).toBe(0);
    expect(stdout).not.toContain("lost");
  });
});
