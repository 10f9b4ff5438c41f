import http, { Agent, type ClientRequest } from "node:http";
import https from "node:https";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort, observeCalls, serveCallee } from "../../support/outgoing.js";

const ended = (request: ClientRequest): Promise<unknown> =>
  new Promise((resolve) => request.on("response", (response) => response.resume().on("close", resolve)));

function createAgent(): Agent {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return agent;
}

describe("obs.instrument(agent)", () => {
  test("gives the requests of that agent a traceparent on every Node, and counts them once", async () => {
    const calls = observeCalls();
    const { url, host, heard } = await serveCallee();
    const agent = createAgent();
    calls.obs.instrument(agent);
    // The way of axios: an agent, options, a callback.
    await new Promise((resolve) => {
      http
        .request({ agent, ...parts(url), path: "/ok", method: "POST" }, (response) =>
          response.resume().on("end", resolve),
        )
        .end("{}");
    });
    expect(await calls.callsSettled(1)).toEqual({ [`POST ${host} 200`]: 1 });
    const ids = calls.clientSpans()[0]?.spanContext();
    expect(heard[0]?.["traceparent"]).toBe(`00-${ids?.traceId}-${ids?.spanId}-01`);
  });

  test("is enough by itself: where outgoing requests are not observed, those of the agent are", async () => {
    const calls = observeCalls(false);
    const { url, host } = await serveCallee();
    const agent = createAgent();
    calls.obs.instrument(agent);
    await ended(http.get(`${url}/ok`, { agent }));
    await ended(http.get(`${url}/ok`));
    expect(await calls.callsSettled(1)).toEqual({ [`GET ${host} 200`]: 1 });
  });

  test("tells by itself how its requests fail", async () => {
    const calls = observeCalls(false);
    const port = await freePort();
    const agent = createAgent();
    calls.obs.instrument(agent);
    await new Promise((resolve) => http.get(`http://127.0.0.1:${port}/`, { agent }).on("error", resolve));
    await calls.callsSettled(1);
    expect(await calls.errors()).toEqual({ [`GET 127.0.0.1:${port} connection_refused`]: 1 });
  });

  test("passes everything on to the agent and is taken off whole", async () => {
    const calls = observeCalls();
    const { url, heard } = await serveCallee();
    const agent = createAgent();
    const detach = calls.obs.instrument(agent);
    expect(Object.keys(agent)).not.toContain("addRequest");
    detach();
    expect(Object.hasOwn(agent, "addRequest")).toBe(false);
    await ended(http.get(`${url}/ok`, { agent }));
    const [major = 0] = process.versions.node.split(".").map(Number);
    expect(heard[0]?.["traceparent"] === undefined).toBe(major < 22);
  });

  test("leaves what another put on the agent since where it is, and sees nothing more", async () => {
    const calls = observeCalls(false);
    const { url } = await serveCallee();
    const agent = createAgent() as Agent & { addRequest(...args: unknown[]): unknown };
    const detach = calls.obs.instrument(agent);
    const ours = agent.addRequest;
    let theirs = 0;
    agent.addRequest = function (...args) {
      theirs++;
      return ours.apply(this, args);
    };
    detach();
    await ended(http.get(`${url}/ok`, { agent }));
    expect(theirs).toBe(1);
    expect(await calls.calls()).toEqual({});
    expect(await calls.inFlight()).toBe(0);
  });

  test("restores an own addRequest that the agent had before", () => {
    const calls = observeCalls(false);
    const own = (): void => undefined;
    const agent = Object.assign(createAgent(), { addRequest: own });
    calls.obs.instrument(agent)();
    expect(Object.getOwnPropertyDescriptor(agent, "addRequest")).toEqual({
      value: own,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  });

  test("recognises the agents of https and those that extend them", () => {
    const { obs } = observeCalls(false);
    class Own extends https.Agent {}
    for (const agent of [http.globalAgent, https.globalAgent, new Own()])
      expect(obs.instrument(agent)).toBeTypeOf("function");
    expect(() => obs.instrument({ sockets: {}, requests: {} })).toThrow(/no collector recognises/);
  });
});

function parts(url: string): { host: string; port: string } {
  const { hostname: host, port } = new URL(url);
  return { host, port };
}
