import { setTimeout } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Children, prepareChildren, type RunningChild } from "../../support/child.js";
import { type Framework, serviceScript } from "./service-script.js";

const CONNECTIONS = 50;
const DRAIN_MS = 2000;

let children: Children;
beforeAll(() => {
  children = prepareChildren();
});
afterAll(() => children.remove());

interface Instance {
  readonly child: RunningChild;
  readonly url: string;
}

async function startInstance(framework: Framework): Promise<Instance> {
  const child = children.start(serviceScript({ framework, shutdown: `{ drainDelayMs: ${DRAIN_MS} }` }));
  const [, port] = await child.printed(/listening (\d+)/);
  return { child, url: `http://127.0.0.1:${port}` };
}

/** A load balancer's part: keeps a connection pool to each instance, and asks the first that was ready when last probed. */
function balance(instances: readonly Instance[]) {
  const agent = new Agent({ connections: CONNECTIONS, pipelining: 1 });
  onTestFinished(() => agent.destroy());
  const target = { url: instances[0]?.url ?? "" };
  const seen: string[] = [];
  const asked = { count: 0, failures: [] as string[], closes: 0 };
  let running = true;

  async function probe(): Promise<void> {
    const [old, next] = instances as [Instance, Instance];
    while (running) {
      const codes = await Promise.all(
        ["/ready", "/live"].map((path) =>
          fetch(old.url + path).then(
            ({ status }) => status,
            () => "gone",
          ),
        ),
      );
      if (seen.at(-1) !== codes.join(" ")) seen.push(codes.join(" "));
      if (codes[0] !== 200) target.url = next.url;
      await setTimeout(20);
    }
  }

  async function ask(): Promise<void> {
    while (running) {
      try {
        const answer = await fetch(`${target.url}/work/5`, { dispatcher: agent });
        const text = await answer.text();
        if (answer.status !== 200 || text !== "done") asked.failures.push(`${answer.status} ${text}`);
        if (answer.headers.get("connection") === "close") asked.closes++;
        asked.count++;
      } catch (error) {
        asked.failures.push(String((error as Error).cause ?? error));
      }
    }
  }

  const work = Promise.all([probe(), ...Array.from({ length: CONNECTIONS }, ask)]);
  return {
    asked,
    seen,
    async stop(): Promise<void> {
      running = false;
      await work;
    },
  };
}

describe.each<Framework>(["node:http", "express", "fastify"])(
  "a rolling restart of %s under load",
  (framework) => {
    it("fails no request, turns /ready to 503 while it still serves, and keeps /live at 200", {
      timeout: 60_000,
    }, async () => {
      const instances = await Promise.all([startInstance(framework), startInstance(framework)]);
      const [old] = instances;
      const { asked, seen, stop } = balance(instances);
      await expect.poll(() => asked.count, { timeout: 20_000 }).toBeGreaterThan(10 * CONNECTIONS);
      old.child.kill("SIGTERM");
      expect(await old.child.ended()).toBe(0);
      const before = asked.count;
      await expect.poll(() => asked.count, { timeout: 20_000 }).toBeGreaterThan(before + CONNECTIONS);
      await stop();
      expect(asked.failures).toEqual([]);
      expect(asked.closes).toBeGreaterThan(0);
      expect(seen.slice(0, 2)).toEqual(["200 200", "503 200"]);
      expect(old.child.events("shutdown_complete")).toMatchObject([{ reason: "SIGTERM", failures: [] }]);
      expect(old.child.events("shutdown_cut")).toEqual([]);
    });
  },
);
