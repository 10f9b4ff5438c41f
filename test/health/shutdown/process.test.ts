import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Children, prepareChildren, type RunningChild } from "../../support/child.js";
import { connectRaw, head } from "../../support/raw-client.js";
import { listen } from "../../support/service.js";
import { serviceScript } from "./service-script.js";

const SLOW_MS = 60_000;
const HANG = "() => new Promise(() => undefined)";

let children: Children;
beforeAll(() => {
  children = prepareChildren();
});
afterAll(() => children.remove());

async function start(
  script: string,
  env: Record<string, string> = {},
): Promise<{ child: RunningChild; port: number }> {
  const child = children.start(script, env);
  const [, port] = await child.printed(/listening (\d+)/);
  return { child, port: Number(port) };
}

async function terminate(script: string, signal: NodeJS.Signals = "SIGTERM") {
  const { child } = await start(script);
  child.kill(signal);
  return { child, ended: await child.ended() };
}

describe("the hooks of a shutdown", { timeout: SLOW_MS }, () => {
  it("run in reverse order, each with its name, its signal and the reason", async () => {
    const tell = "({ name, signal, reason }) => console.log('hook', name, signal.aborted, reason)";
    const before = `obs.health.onShutdown("db", ${tell}); obs.health.onShutdown("cache", ${tell});`;
    const { child, ended } = await terminate(serviceScript({ before }));
    expect(ended).toBe(0);
    expect(child.output().match(/^hook .*$/gm)).toEqual([
      "hook cache false SIGTERM",
      "hook db false SIGTERM",
    ]);
  });

  it("that hang or fail are named, the rest still run, and the exit code is 1", async () => {
    const before = `
obs.health.onShutdown("last", () => console.log("last ran"));
obs.health.onShutdown("broken", () => { throw new Error("cannot close"); });
obs.health.onShutdown("hung", ({ signal }) => new Promise(() => {
  signal.addEventListener("abort", () => console.log("hung aborted"));
}));`;
    const { child, ended } = await terminate(serviceScript({ before, shutdown: "{ hooksTimeoutMs: 300 }" }));
    expect(ended).toBe(1);
    expect(child.events("shutdown_hook_timeout")).toMatchObject([{ hook: "hung", level: "error" }]);
    expect(child.events("shutdown_hook_failed")).toMatchObject([
      { hook: "broken", err: { message: "cannot close" } },
    ]);
    expect(child.output()).toMatch(/hung aborted\n(.*\n)*last ran/);
    expect(child.events("shutdown_complete")).toMatchObject([{ failures: ["hung", "broken"] }]);
  });

  it("of the drain start at once, while requests are still served", async () => {
    const before = 'obs.health.onDrain("queue", ({ reason }) => console.log("left queue", reason));';
    const { child, port } = await start(serviceScript({ before, shutdown: "{ drainDelayMs: 60000 }" }));
    child.kill("SIGTERM");
    await child.printed(/left queue SIGTERM/);
    const client = await connectRaw(port);
    client.send(head("GET /work/1 HTTP/1.1"));
    await client.until("done");
    expect(client.received()).toMatch(/^connection: close\r$/im);
  });
});

describe("a signal", { timeout: SLOW_MS }, () => {
  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("%s a second time, a second later, exits at once with %i", async (signal, code) => {
    const { child } = await start(serviceScript({ before: `obs.health.onShutdown("hung", ${HANG});` }));
    child.kill(signal);
    await child.printed(/"event":"shutdown_started"/);
    // Delivered twice, as npm and Ctrl-C do: no reason to hurry.
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill(signal);
    expect(await child.ended()).toBe(code);
    expect(child.events("shutdown_started").length).toBe(1);
    expect(child.output()).toContain(`telltale: ${signal} again; exits with ${code}`);
  });

  it("SIGINT waits for no load balancer", async () => {
    const { ended } = await terminate(serviceScript({ shutdown: "{ drainDelayMs: 60000 }" }), "SIGINT");
    expect(ended).toBe(0);
  });

  it("in Kubernetes drains for five seconds unless told otherwise", async () => {
    const { child, port } = await start(serviceScript(), { KUBERNETES_SERVICE_HOST: "10.0.0.1" });
    child.kill("SIGTERM");
    await child.printed(/"event":"shutdown_started"/);
    const ready = await fetch(`http://127.0.0.1:${port}/ready`);
    expect([ready.status, ready.headers.get("connection")]).toEqual([503, "close"]);
    expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200);
    expect(await child.ended()).toBe(0);
    const [{ phase_seconds: seconds }] = child.events("shutdown_complete") as [
      { phase_seconds: { drain: number } },
    ];
    expect(Math.round(seconds.drain)).toBeGreaterThanOrEqual(5);
  });

  it("is the host's own where the shutdown is not asked for", async () => {
    const shutdown = "false";
    expect((await terminate(serviceScript({ shutdown }))).ended).toBe("SIGTERM");
    const before =
      'process.on("SIGTERM", async () => { const { exitCode } = await obs.health.shutdown("mine"); console.log("outcome", exitCode); });';
    const { child, port } = await start(serviceScript({ shutdown, before }));
    // By which the server is known.
    await (await fetch(`http://127.0.0.1:${port}/work/1`)).text();
    child.kill("SIGTERM");
    expect(await child.ended()).toBe(0);
    expect(child.output()).toContain("outcome 0");
    expect(child.events("shutdown_complete")).toMatchObject([{ reason: "mine" }]);
  });

  it("is what a clean process dies of with `exitWith: signal`, but not a failed one", async () => {
    const shutdown = '{ exitWith: "signal" }';
    expect((await terminate(serviceScript({ shutdown }))).ended).toBe("SIGTERM");
    const before = 'obs.health.onShutdown("bad", () => Promise.reject(new Error("no")));';
    expect((await terminate(serviceScript({ shutdown, before }))).ended).toBe(1);
  });
});

describe("the end of the process", { timeout: SLOW_MS }, () => {
  it("is forced half a second later, naming what holds it", async () => {
    const { child, ended } = await terminate(
      serviceScript({ before: "setInterval(() => undefined, 1000);" }),
    );
    expect(ended).toBe(0);
    expect(child.output()).toMatch(
      /telltale: still alive 500 ms after the shutdown, held by .*Timeout.*; exits with 0/,
    );
  });

  it("is left to the service with `exit: false`", async () => {
    const before =
      "const alive = setInterval(() => undefined, 1000); setTimeout(() => { console.log('own end'); clearInterval(alive); }, 2500);";
    const { child, ended } = await terminate(serviceScript({ shutdown: "{ exit: false }", before }));
    expect(ended).toBe(0);
    expect(child.output()).toMatch(/shutdown_complete(.*\n)*own end/);
  });

  it("comes with 1 at the hard deadline, naming the phase, the hook and the open requests", async () => {
    const shutdown = "{ hardDeadlineMs: 400, hooksTimeoutMs: 60000 }";
    const before = `obs.health.onShutdown("hung", ${HANG});`;
    const hook = await terminate(serviceScript({ shutdown, before }));
    expect(hook.ended).toBe(1);
    expect(hook.child.events("shutdown_deadline")).toMatchObject([
      { phase: "hooks", hooks: ["hung"], requests: [] },
    ]);
    expect(hook.child.output()).toContain("the shutdown was not done after 400 ms, in hooks; exits with 1");

    const { child, port } = await start(serviceScript({ shutdown }));
    const client = await connectRaw(port);
    client.send(head("GET /work/60000 HTTP/1.1"));
    await child.printed(/working/);
    child.kill("SIGTERM");
    expect(await child.ended()).toBe(1);
    expect(child.events("shutdown_deadline")).toMatchObject([
      { phase: "requests", requests: [{ method: "GET", route: "/work/:ms" }] },
    ]);
  });

  it("comes in order after an uncaught exception that is taken over, with 1 and the error in the log", async () => {
    const before = `
obs.health.onShutdown("db", ({ reason }) => console.log("closed for", reason));
setTimeout(() => { throw new Error("mine"); }, 300);`;
    const { child } = await start(
      serviceScript({ shutdown: "{ uncaughtException: true, drainDelayMs: 60000 }", before }),
    );
    expect(await child.ended()).toBe(1);
    expect(child.events("uncaught_exception")).toMatchObject([{ level: "fatal", err: { message: "mine" } }]);
    expect(child.output()).toContain("closed for uncaughtException");
  });

  it("is that of Node after an uncaught exception that is not taken over", async () => {
    const { child } = await start(
      serviceScript({ before: 'setTimeout(() => { throw new Error("mine"); }, 300);' }),
    );
    expect(await child.ended()).toBe(1);
    expect(child.events("shutdown_started")).toEqual([]);
    expect(child.output()).toContain("Error: mine");
  });

  it("waits for all instances of the process", async () => {
    const before = `
const second = createObservability({ service: "second", health: { shutdown: true } });
second.health.onShutdown("slow", () => later(1200).then(() => console.log("slow done")));
setInterval(() => undefined, 1000);`;
    const { child, ended } = await terminate(serviceScript({ before }));
    expect(ended).toBe(0);
    expect(child.output()).toContain("slow done");
  });
});

describe("what a shutdown tells of itself", { timeout: SLOW_MS }, () => {
  it("arrives: its spans at the collector, its phases in the last push, its log lines", async () => {
    const bodies: Record<string, string> = {};
    const sink = createServer((req, res) => {
      const path = req.url ?? "";
      req.setEncoding("latin1").on("data", (chunk: string) => {
        bodies[path] = (bodies[path] ?? "") + chunk;
      });
      req.on("end", () => res.end());
    });
    const { url } = await listen(sink);
    const options = `
tracing: { exporter: "otlp", endpoint: "${url}" },
metrics: { push: { to: "pushgateway", url: "${url}" } },`;
    const before = 'obs.health.onShutdown("db", () => obs.tracer.startSpan("closing the pool").end());';
    const { child, ended } = await terminate(serviceScript({ options, before }));
    expect(ended).toBe(0);
    const traces = bodies["/v1/traces"] ?? "";
    for (const name of ["shutdown", "shutdown db", "closing the pool"]) expect(traces).toContain(name);
    const push = Object.entries(bodies).find(([path]) => path.startsWith("/metrics/job"))?.[1] ?? "";
    for (const phase of ["drain", "requests", "hooks"])
      expect(push).toMatch(new RegExp(`shutdown_phase_duration_seconds\\{[^}]*phase="${phase}"[^}]*\\} \\d`));
    const [complete] = child.events("shutdown_complete");
    expect(complete).toMatchObject({
      component: "shutdown",
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it("can be scraped on the management port until everything else is done", async () => {
    const before = `
obs.listen({ port: 0, host: "127.0.0.1" }).then(({ url }) => {
  obs.health.onShutdown("asks", async () => {
    const text = await (await fetch(url + "/metrics")).text();
    console.log("scraped", /phase="requests"/.test(text), (await fetch(url + "/live")).status, (await fetch(url + "/ready")).status);
  });
});`;
    const { child, ended } = await terminate(serviceScript({ before }));
    expect(ended).toBe(0);
    expect(child.output()).toContain("scraped true 200 503");
  });

  it("warns at the start when the phases may last longer than the deadline", async () => {
    const { child } = await start(serviceScript({ shutdown: "{ drainDelayMs: 20000 }" }));
    await child.printed(/"event":"shutdown_budget".*\n/);
    expect(child.events("shutdown_budget")).toMatchObject([
      { level: "warn", msg: expect.stringContaining("= 38000 ms, more than hardDeadlineMs 25000") },
    ]);
  });
});
