import { beforeAll, describe, expect, it } from "vitest";
import { compile, exportedNames } from "./compile.js";

const START = `import { createObservability, type Collector, type ObservabilityOptions } from "../../src/index.js";
const obs = createObservability({ service: "chat" });
const joins = obs.metrics.counter({ name: "joins_total", help: "Joins.", labelNames: ["room", "kind"] });
const plain = obs.metrics.gauge({ name: "desks", help: "Desks." });
interface Desk { readonly drawers: number }
declare const desk: Collector<Desk, { depthCm?: number }>;
`;

/** Programs by their claim. */
const ACCEPTED: Readonly<Record<string, string>> = {
  "an option that may be undefined":
    "createObservability({ service: process.env['NAME'], version: undefined });",
  "any kind of prom-client": `import * as a from "prom-client"; import * as b from "prom-client14";
    import * as c from "@platformatic/prom-client"; import * as d from "@prometheus-io/client";
    for (const client of [a, b, c, d]) createObservability({ service: "x", metrics: { client } });
    obs.metrics.adopt(a.register)(); obs.metrics.adopt(c.register)(); obs.metrics.adopt(d.register)();`,
  "tracing turned off": "createObservability({ service: 'x', tracing: false });",
  "declared labels, some or all":
    "joins.inc({ room: 'a' }); joins.inc({ room: 1, kind: true }, 2); joins.labels('a', 'b').inc();",
  "a family without labels": "plain.set(3);",
  "a middleware in Express 5": "import express from 'express'; express().use(obs.express());",
  "a middleware in Express 4": "import express from 'express4'; express().use(obs.express());",
  "a plugin in Fastify 5": "import fastify from 'fastify'; await fastify().register(obs.fastify);",
  "a plugin in Fastify 4": "import fastify from 'fastify4'; await fastify().register(obs.fastify);",
  "a listener of node:http":
    "import http from 'node:http'; http.createServer(obs.http((req, res) => res.end(req.url)));",
  "spans around every kind of work, each with what it gives": `
    const n: number = obs.withSpan("a", () => 1);
    const p: Promise<string> = obs.withSpan("a", async (span) => span.spanContext().traceId, { kind: "client" });
    const g: Generator<number, string, boolean> = obs.withSpan("a", function* () { const b: boolean = yield 1; return String(b); });
    const ag: AsyncGenerator<number> = obs.withSpan("a", async function* () { yield 1; });
    const lazy = obs.withSpan("a", (): PromiseLike<number> => Promise.resolve(1)); lazy.then((value: number) => value);
    const either: number | Promise<number> = obs.withSpan("a", () => (n > 1 ? 1 : Promise.resolve(1)));
    export { p, g, ag, either };`,
  "a context in carriers of many kinds": `
    const headers: Headers = obs.inject(new Headers()); const map: Map<string, string> = obs.inject(new Map());
    const kafka = obs.inject<Record<string, Buffer>>({}, (carrier, name, value) => { carrier[name] = Buffer.from(value); });
    const pairs = obs.inject([] as [string, string][], (carrier, name, value) => void carrier.push([name, value]));
    obs.startSpan("a", { parent: obs.extract(kafka), kind: "consumer", attributes: { a: 1 }, parentless: undefined } as object).end();
    obs.extract(pairs, (carrier, name) => carrier.find(([key]) => key === name)?.[1]); obs.extract(undefined); obs.extract(null);
    export { headers, map };`,
  "fields around any work": `
    const n: number = obs.withContext({ userId: 7 }, () => 7);
    const p: Promise<void> = obs.withContext({}, async () => {}); export { n, p };`,
  "sampling and propagators":
    "createObservability({ service: 'x', tracing: { propagators: ['b3'], sampling: { ratio: 0.1, perSecond: 50, rules: [{ route: '/health*', ratio: 0 }, { operation: 'checkout' }], tail: { slowMs: 500 }, remote: { endpoint: 'http://jaeger:5778' } } } });",
  "a collector with its target and options":
    "obs.use(desk, { drawers: 2 }, { depthCm: 40, name: 'mine' })();",
};
/** Programs by their claim, with what the compiler must say of them. */
const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ["an option that does not exist", "createObservability({ service: 'x', serivce: 1 });", /serivce/],
  [
    "a level that does not exist",
    "createObservability({ service: 'x', logging: { level: 'loud' } });",
    /loud/,
  ],
  ["tracing that is just true", "createObservability({ service: 'x', tracing: true });", /true/],
  ["a span without work", "obs.withSpan('a');", /2-3 arguments|Expected/],
  ["a kind of span that does not exist", "obs.startSpan('a', { kind: 'sever' });", /sever/],
  ["fields that are none", "obs.withContext('userId', () => 1);", /string/],
  [
    "a rule with another share",
    "createObservability({ service: 'x', tracing: { sampling: { rules: [{ route: '/a', rate: 1 }] } } });",
    /rate/,
  ],
  ["a label that was not declared", "joins.inc({ rom: 'a' });", /rom/],
  ["labels on a family without any", "plain.set({ room: 'a' }, 1);", /room|never/],
  ["a target of another shape", "obs.use(desk, { doors: 2 });", /doors|drawers/],
  ["an option that the collector does not know", "obs.use(desk, { drawers: 2 }, { width: 1 });", /width/],
];

describe("the public types", () => {
  let complaints: Record<string, string[]>;

  beforeAll(() => {
    const programs = [...Object.entries(ACCEPTED), ...REFUSED];
    complaints = compile(
      Object.fromEntries(programs.map(([claim, text]) => [claim, `${START}${text}\nexport {};`])),
    );
  });

  it.each(Object.keys(ACCEPTED))("accept %s", (claim) => {
    expect(complaints[claim]).toEqual([]);
  });

  it.each(REFUSED)("refuse %s", (claim, _text, pattern) => {
    expect(complaints[claim]).toEqual([expect.stringMatching(pattern)]);
  });

  it("are the same for import and for require", () => {
    const names = exportedNames("src/index.ts");
    expect(names).toEqual(
      expect.arrayContaining(["createObservability", "ObservabilityOptions", "ObservabilityError"]),
    );
    expect(exportedNames("src/index.mts")).toEqual(names);
  }, 60_000);
});
