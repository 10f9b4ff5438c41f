import { createServer } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { Collector, Detach } from "../src/index.js";
import { createObservability, type Observability } from "../src/index.js";

const open: Observability[] = [];
afterEach(() => Promise.all(open.splice(0).map((obs) => obs.close())));

function create(write: (line: string) => void = () => undefined) {
  const obs = createObservability({ service: "chat", logging: { level: "warn", destination: { write } } });
  open.push(obs);
  return obs;
}

interface Lamp {
  lit: boolean;
}

/** A collector as a third party would write it: a gauge read at the scrape, a check, an option. */
function lampCollector(log: string[]): Collector<Lamp, { room?: string }, "http"> {
  return {
    name: "lamp",
    domain: "http",
    supports: "*",
    families: [{ name: "lamp_lit_ratio", type: "gauge", help: "1 while lit.", labels: ["lamp", "room"] }],
    matches: (value): value is Lamp => typeof value === "object" && value !== null && "lit" in value,
    attach(lamp, scope, options): Detach {
      const lit = scope.declare.gauge({
        name: "lamp_lit_ratio",
        help: "1 while lit.",
        labelNames: ["lamp", "room"],
      });
      scope.sample(() => lit.set({ lamp: scope.instance, room: options.room ?? "" }, lamp.lit ? 1 : 0));
      scope.check(scope.instance, () => lamp.lit);
      scope.signal.addEventListener("abort", () => log.push("aborted"));
      return () => log.push("detached");
    },
  };
}

describe("use", () => {
  test("gives a third party's collector a gauge, a check and a catalog entry, and takes all back", async () => {
    const log: string[] = [];
    const obs = create();
    const lamp: Lamp = { lit: true };
    const detach = obs.use(lampCollector(log), lamp, { name: "desk", room: "a" });
    expect(await obs.metrics.registry.metrics()).toContain(
      'lamp_lit_ratio{lamp="desk",room="a",service="chat"} 1',
    );
    expect(obs.catalog.find(({ name }) => name === "lamp_lit_ratio")).toMatchObject({
      owner: "lamp",
      labels: ["lamp", "room"],
    });
    expect((await obs.health.getHealthStatus()).checks["desk"]).toEqual({ status: "healthy" });
    detach();
    detach();
    expect(log).toEqual(["detached", "aborted"]);
    expect((await obs.health.getHealthStatus()).checks["desk"]).toBeUndefined();
    lamp.lit = false;
    expect(await obs.metrics.registry.metrics()).toContain(
      'lamp_lit_ratio{lamp="desk",room="a",service="chat"} 1',
    );
  });

  test("refuses a target of another shape", () => {
    expect(() => create().use(lampCollector([]), {} as Lamp)).toThrow(
      expect.objectContaining({
        code: "TELLTALE_TARGET",
        message: "use: an object of class Object has not the shape that collector lamp attaches to.",
      }),
    );
  });

  test("refuses a family that the collector does not list", () => {
    const greedy = { ...lampCollector([]), families: [] };
    expect(() => create().use(greedy, { lit: true })).toThrow(
      expect.objectContaining({
        code: "TELLTALE_FAMILY",
        message: "collector lamp: lamp_lit_ratio is not in its families; list it there first.",
      }),
    );
  });

  test("a sample that throws is counted and told, and the scrape goes on", async () => {
    const lines: string[] = [];
    const obs = create((line) => lines.push(line));
    const collector = {
      ...lampCollector([]),
      attach: (_: Lamp, scope: Parameters<Collector["attach"]>[1]) => {
        scope.sample(() => {
          throw new Error("dark");
        });
        return () => undefined;
      },
    };
    obs.use(collector as never, { lit: true });
    await obs.metrics.registry.metrics();
    expect(await obs.metrics.registry.metrics()).toMatch(
      /telltale_errors_total\{part="sample",service="chat"\} \d/,
    );
    expect(lines.filter((line) => line.includes("sample failed"))).toHaveLength(1);
  });
});

describe("instrument", () => {
  test("names what it was given when nothing recognises it", () => {
    const { instrument } = create();
    expect(() => instrument(new Map())).toThrow(
      /^instrument: no collector recognises an object of class Map\. Known: express, fastify, node/,
    );
    expect(() => instrument(() => 1)).toThrow(expect.objectContaining({ code: "TELLTALE_TARGET" }));
    expect(() => instrument(undefined)).toThrow("no collector recognises undefined");
    expect(() => instrument(Object.create(null))).toThrow("an object of class (none)");
  });

  test("attaches a target once: the second call returns the first's detach", () => {
    const obs = create();
    const server = createServer();
    const emit = server.emit;
    const detach = obs.instrument(server);
    expect(obs.instrument(server)).toBe(detach);
    detach();
    expect(server.emit).toBe(emit);
    const again = obs.instrument(server);
    expect(again).not.toBe(detach);
  });

  test("close() detaches everything", async () => {
    const obs = create();
    const server = createServer();
    const emit = server.emit;
    obs.instrument(server);
    expect(server.emit).not.toBe(emit);
    await obs.close();
    expect(server.emit).toBe(emit);
  });
});
