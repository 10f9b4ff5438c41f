import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ImportGraph, parseModule, readImportGraph } from "./floors/import-graph.js";
import { faultsOf } from "./floors/rules.js";

function house(files: Record<string, string>): ImportGraph {
  return new Map(Object.entries(files).map(([path, text]) => [path, parseModule(path, text)]));
}

describe("the house", () => {
  it("has imports that go down only, no circle, and no file over 300 lines", () => {
    const graph = readImportGraph(join(import.meta.dirname, "..", "src"));
    expect(graph.size).toBeGreaterThan(20);
    expect(faultsOf(graph)).toEqual([]);
  });
});

describe("the reader of imports", () => {
  it("tells what runs with the module, what runs later and what leaves no trace", () => {
    const { arrows } = parseModule(
      "health/router.ts",
      `import { a } from "./a.js";
       import { type B, b } from "./b.js";
       import { type C } from "./c.js";
       import type D from "../d.js";
       import "./e.js";
       export { f } from "./f.mjs";
       export type { G } from "./g.js";
       const h = require("./h.js") as typeof import("./h.js");
       const i = await import("@scope/i/deep");
       const text = 'import { z } from "./z.js"';`,
    );
    expect(arrows.map(({ kind, to }) => `${kind} ${to}`)).toEqual([
      "load health/a.ts",
      "load health/b.ts",
      "type health/c.ts",
      "type d.ts",
      "load health/e.ts",
      "load health/f.mts",
      "type health/g.ts",
      "lazy health/h.ts",
      "type health/h.ts",
      "lazy @scope/i",
    ]);
  });

  it("knows a file that binds a client by the type of its export", () => {
    const client = parseModule("collectors/db/pg.ts", "export const pg: Collector<Pool> = { name };");
    const word = parseModule(
      "collectors/db/index.ts",
      "const hidden: Collector = x; export const n: number = 1;",
    );
    expect([client.bindsClient, word.bindsClient]).toEqual([true, false]);
  });
});

describe("the rules of the house", () => {
  const client = "export const pg: Collector = x;";

  it.each([
    ["metrics imports logging", "metrics/a.ts", 'import "../logging/b.js"', "logging/b.ts", /know nothing/],
    [
      "tracing imports a type of metrics",
      "tracing/a.ts",
      'import type { B } from "../metrics/b.js"',
      "metrics/b.ts",
      /know nothing/,
    ],
    ["logging imports the catalog", "logging/a.ts", 'import "../catalog.js"', "catalog.ts", /go down only/],
    [
      "metrics requires a collector late",
      "metrics/a.ts",
      'require("../collectors/db/b.js")',
      "collectors/db/b.ts",
      /go down only/,
    ],
    ["the catalog imports health", "catalog.ts", 'import "./health/b.js"', "health/b.ts", /go down only/],
    [
      "one domain imports another",
      "collectors/db/a.ts",
      'import "../http/b.js"',
      "collectors/http/b.ts",
      /know nothing/,
    ],
    [
      "health imports the factory",
      "health/a.ts",
      'import("../observability.js")',
      "observability.ts",
      /go down only/,
    ],
    [
      "a collector imports its list",
      "collectors/db/a.ts",
      'import "../index.js"',
      "collectors/index.ts",
      /go down only/,
    ],
    ["the page imports the entry", "page/a.ts", 'export * from "../index.js"', "index.ts", /go down only/],
  ])("refuse that %s", (_title, from, text, to, complaint) => {
    expect(faultsOf(house({ [from]: text, [to]: "" }))).toEqual([expect.stringMatching(complaint)]);
  });

  it("refuse that a vocabulary imports a client", () => {
    const graph = house({ "collectors/db/index.ts": 'import "./pg.js"', "collectors/db/pg.ts": client });
    expect(faultsOf(graph)).toEqual([expect.stringMatching(/floor 3\).*floor 3.5/)]);
  });

  it.each([
    [
      "a client library in its collector",
      "collectors/db/pg.ts",
      'import type { Pool } from "pg"',
      /by shape/,
    ],
    ["pino run by a collector", "collectors/db/pg.ts", 'import pino from "pino"', /by shape/],
    ["prom-client outside metrics", "observability.ts", 'require("prom-client")', /only metrics\/ does/],
    [
      "the tracing SDK outside tracing",
      "options.ts",
      'import "@opentelemetry/sdk-trace"',
      /only tracing\/ does/,
    ],
    ["a file that is not there", "options.ts", 'import "./gone.js"', /does not exist/],
    ["a file on no floor", "misc/a.ts", "", /stands on no floor/],
    ["a file over 300 lines", "options.ts", `${"\n".repeat(300)}x;`, /has 301 lines/],
  ])("refuse %s", (_title, path, text, complaint) => {
    expect(faultsOf(house({ [path]: text }))).toEqual([expect.stringMatching(complaint)]);
  });

  it("refuse a circle of imports that run, and let types close one", () => {
    const back = (text: string) => house({ "health/a.ts": 'import "./b.js"', "health/b.ts": text });
    const circle = "a circle of imports: health/a.ts -> health/b.ts -> health/a.ts";
    expect(faultsOf(back('import { a } from "./a.js"'))).toEqual([circle]);
    expect(faultsOf(back('import type { A } from "./a.js"'))).toEqual([]);
  });

  it("allow what goes down, and the types of pino and prom-client", () => {
    const graph = house({
      "index.mts": 'export { x } from "./index.js"',
      "index.ts": 'import "./observability.js"; import type { Registry } from "prom-client"',
      "observability.ts": 'import "./collectors/index.js"; import "./metrics/m.js"',
      "collectors/index.ts": 'import "./db/pg.js"',
      "collectors/db/pg.ts": `import "./index.js"; import type { Logger } from "pino"; import "node:net"; ${client}`,
      "collectors/db/index.ts": 'import { trace } from "@opentelemetry/api"; import "../../guard.js"',
      "guard.ts": 'import type { Guard } from "./collector.js"',
      "collector.ts": 'import type { F } from "./metrics/m.js"',
      "metrics/m.ts": 'import "prom-client"; import "../errors.js"',
      "errors.ts": "",
    });
    expect(faultsOf(graph)).toEqual([]);
  });
});
