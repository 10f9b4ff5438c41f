import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PushOptions } from "../../../src/metrics/push/types.js";
import { createPushFixture, START_MS } from "./pusher-fixture.js";
import { type Answer, startReceiver } from "./receiver.js";

async function start(answers: readonly Answer[], options: Partial<PushOptions> = {}) {
  const fixture = createPushFixture();
  const jobs = fixture.metrics.counter({ name: "jobs_total", help: "Jobs." });
  jobs.inc();
  const receiver = await startReceiver(...answers);
  const pusher = fixture.open({ to: "pushgateway", url: receiver.url, ...options });
  const bodies = (): string[] =>
    receiver.received.map(({ body }) => /^jobs_total (.*)$/m.exec(String(body))?.[1] ?? "");
  return { ...fixture, jobs, receiver, pusher, bodies };
}

/** A port on which `connect` decides what happens. */
async function rawPort(onConnect?: (write: (text: string) => void) => void): Promise<number> {
  const server = createServer((socket) => onConnect?.((text) => socket.end(text))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  if (onConnect === undefined) server.close();
  onTestFinished(() => void server.close());
  return port;
}

describe("a push that fails", () => {
  it("is tried again with full jitter, and given up in time, where nobody listens", async () => {
    const { open, time, results } = createPushFixture();
    const pusher = open({
      to: "pushgateway",
      url: `http://127.0.0.1:${await rawPort()}`,
      pushOnClose: false,
    });
    const result = await pusher.push();
    expect(result).toMatchObject({ ok: false, outcome: "failed", attempts: 6, series: 0, durationMs: 7750 });
    expect(result.error).toContain("ECONNREFUSED");
    expect(result.status).toBeUndefined();
    expect(time.slept).toEqual([250, 500, 1000, 2000, 4000]);
    expect(results).toEqual([result]);
  });

  it("waits no longer than 10 s at random between two tries", async () => {
    const { open, time } = createPushFixture();
    const url = `http://127.0.0.1:${await rawPort()}`;
    await open({ to: "pushgateway", url, timeoutMs: 30_000, pushOnClose: false }).push();
    expect(time.slept).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000, 5000]);
  });

  it("ends at its limit where the receiver hangs", async () => {
    const { pusher, receiver, time } = await start(["never"], { timeoutMs: 3000, pushOnClose: false });
    const pushed = pusher.push();
    await expect.poll(() => receiver.received.length).toBe(1);
    time.pass(3000);
    expect(await pushed).toMatchObject({ outcome: "failed", attempts: 1, error: "no answer within 3000 ms" });
  });

  it("ends at its limit where the answer never does", async () => {
    const slow = (res: { writeHead(status: number): { write(text: string): void } }): void =>
      res.writeHead(202).write("still");
    const { pusher, receiver, time } = await start([slow], { timeoutMs: 3000, pushOnClose: false });
    const pushed = pusher.push();
    await expect.poll(() => receiver.received.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    time.pass(3000);
    expect(await pushed).toMatchObject({ outcome: "failed", error: "no answer within 3000 ms" });
  });

  it("succeeds with the second try after a 503, with the same bytes", async () => {
    const { pusher, receiver, time } = await start([503, 200]);
    const result = await pusher.push();
    expect(result).toMatchObject({ ok: true, attempts: 2, status: 200 });
    expect(time.slept).toEqual([250]);
    const [first, second] = receiver.received;
    expect(result.bytes).toBe(2 * (first?.body.length ?? 0));
    expect(first?.body.equals(second?.body ?? Buffer.alloc(0))).toBe(true);
  });

  it.each(["pushgateway", "remote-write"] as const)("is tried again after a 500 by %s", async (to) => {
    const { pusher } = await start([500, 200], { to });
    expect(await pusher.push()).toMatchObject({ ok: true, attempts: 2 });
  });

  it.each([
    ["seconds", "3", 3000],
    ["a date", new Date(START_MS + 5000).toUTCString(), 5000],
    ["a date that is over", new Date(START_MS - 5000).toUTCString(), 250],
    ["nonsense", "soon", 250],
  ])("waits as long as Retry-After says in %s", async (_title, value, delayMs) => {
    const { pusher, time } = await start([{ status: 429, headers: { "retry-after": value } }, 200]);
    expect(await pusher.push()).toMatchObject({ ok: true, attempts: 2 });
    expect(time.slept).toEqual([delayMs]);
  });

  it("is given up at once where Retry-After goes beyond its limit, and the interval heeds it", async () => {
    const late = { status: 503, headers: { "retry-after": "100" } };
    const { pusher, time, receiver } = await start([late, 200], { intervalMs: 1000 });
    time.pass(1000);
    await expect.poll(() => receiver.received.length).toBe(1);
    await expect.poll(() => time.slept).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    time.pass(99_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(receiver.received.length).toBe(1);
    time.pass(1000);
    await expect.poll(() => receiver.received.length).toBe(2);
    await pusher.close();
  });

  it.each([
    [400, "it answered 400: bad text"],
    [404, "it answered 404: bad text"],
  ])("is not tried again after a %i", async (status, error) => {
    const { pusher, receiver } = await start([{ status, body: "bad\ntext" }], { pushOnClose: false });
    expect(await pusher.push()).toMatchObject({ outcome: "rejected", attempts: 1, status, error });
    expect(receiver.received.length).toBe(1);
  });

  it("does not follow a redirect, to which it would send the headers, and tells where it leads", async () => {
    const moved = { status: 307, headers: { location: "http://elsewhere/" } };
    const { pusher } = await start([moved], { pushOnClose: false });
    const result = await pusher.push();
    expect(result).toMatchObject({ outcome: "rejected", attempts: 1 });
    expect(result.error).toContain("redirect to http://elsewhere/");
  });

  it("fails where the answer is no HTTP", async () => {
    const { open } = createPushFixture();
    const port = await rawPort((write) => write("SSH-2.0-what\r\n\r\n"));
    const pusher = open({
      to: "pushgateway",
      url: `http://127.0.0.1:${port}`,
      timeoutMs: 100,
      pushOnClose: false,
    });
    const result = await pusher.push();
    expect(result).toMatchObject({ outcome: "failed", attempts: 1 });
    expect(result.error).toMatch(/Parse Error/);
  });

  it("succeeds where the answer has no end: only its beginning is read", async () => {
    const { pusher } = await start([
      (res) => {
        res.writeHead(200);
        const pour = (): void =>
          void (res.write("x".repeat(10_000)) ? setImmediate(pour) : res.once("drain", pour));
        pour();
      },
    ]);
    expect(await pusher.push()).toMatchObject({ ok: true, attempts: 1 });
  });
});

describe("pushes", () => {
  it("run one at a time; those asked for meanwhile share the next, which has the newest values", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { pusher, jobs, bodies, receiver } = await start([(res) => void held.then(() => res.end()), 200]);
    const first = pusher.push();
    await expect.poll(() => receiver.received.length).toBe(1);
    jobs.inc();
    const second = pusher.push();
    jobs.inc();
    const third = pusher.push();
    release();
    expect(await second).toBe(await third);
    expect((await first).ok).toBe(true);
    expect(bodies()).toEqual(["1", "3"]);
  });

  it("leave no connection open", async () => {
    const { pusher, receiver } = await start([200]);
    await pusher.push();
    await expect.poll(() => receiver.connections()).toBe(0);
  });

  it("of the interval are left out while another is under way", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hold: Answer = (res) => void held.then(() => res.end());
    const { pusher, receiver, time } = await start([hold, 200], { intervalMs: 1000 });
    const first = pusher.push();
    await expect.poll(() => receiver.received.length).toBe(1);
    time.pass(1000);
    release();
    await first;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(receiver.received.length).toBe(1);
    time.pass(1000);
    await expect.poll(() => receiver.received.length).toBe(2);
  });

  it("come at the interval, and never two at once", async () => {
    const { time, receiver, pusher } = await start(["never"], { intervalMs: 1000, closeTimeoutMs: 50 });
    time.pass(999);
    expect(receiver.received.length).toBe(0);
    time.pass(1);
    await expect.poll(() => receiver.received.length).toBe(1);
    time.pass(5000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(receiver.received.length).toBe(1);
    await pusher.close();
  });

  it("of the interval are put off further and further while they fail, and come as before afterwards", async () => {
    const { time, receiver, results } = await start([400, 400, 200], { intervalMs: 1000 });
    const comesAfter = async (ms: number, nth: number): Promise<void> => {
      time.pass(ms - 1);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(receiver.received.length).toBe(nth - 1);
      time.pass(1);
      await expect.poll(() => results.length).toBe(nth);
      await new Promise((resolve) => setTimeout(resolve, 30));
    };
    await comesAfter(1000, 1);
    await comesAfter(1500, 2);
    await comesAfter(2000, 3);
    await comesAfter(1000, 4);
  });
});

describe("closing", () => {
  it("pushes a last time, once, and refuses what comes after", async () => {
    const { pusher, jobs, bodies } = await start([200]);
    await pusher.push();
    jobs.inc();
    await Promise.all([pusher.close(), pusher.close()]);
    expect(bodies()).toEqual(["1", "2"]);
    expect(await pusher.push()).toMatchObject({
      ok: false,
      outcome: "failed",
      error: "the pusher is closed",
    });
    expect(await pusher.delete()).toMatchObject({ ok: false, error: "the pusher is closed" });
    expect(bodies().length).toBe(2);
  });

  it("pushes nothing when told so", async () => {
    const { pusher, receiver } = await start([200], { pushOnClose: false });
    await pusher.close();
    expect(receiver.received).toEqual([]);
  });

  it("gives up what is being sent, untold, for the last push", async () => {
    const { pusher, jobs, bodies, receiver, results } = await start(["never", 200]);
    const first = pusher.push();
    await expect.poll(() => receiver.received.length).toBe(1);
    jobs.inc();
    await pusher.close();
    expect(await first).toMatchObject({
      ok: false,
      error: "the pusher was closed; its last push has everything",
    });
    expect(bodies()).toEqual(["1", "2"]);
    expect(results.map(({ ok }) => ok)).toEqual([true]);
  });

  it("leaves pushes that wait to the last one", async () => {
    const { pusher, receiver } = await start(["never", 200]);
    const first = pusher.push();
    await expect.poll(() => receiver.received.length).toBe(1);
    const second = pusher.push();
    await pusher.close();
    expect((await first).ok).toBe(false);
    expect(await second).toMatchObject({ ok: false, attempts: 0 });
    expect(receiver.received.length).toBe(2);
  });

  it("is bounded where the receiver hangs", async () => {
    const { pusher, receiver } = await start(["never"], { closeTimeoutMs: 100 });
    await pusher.close();
    expect(receiver.received.length).toBe(1);
  });

  it("comes by itself when the process has no more work, with a last push even without pushOnClose", async () => {
    const { pusher, exits, bodies } = await start([200], { onExit: true, pushOnClose: false });
    const [exit] = exits;
    exit?.();
    await pusher.close();
    expect(bodies()).toEqual(["1"]);
    expect(exits.size).toBe(0);
  });

  it("leaves no listener for the end of the process", async () => {
    const { pusher, exits } = await start([200], { onExit: true });
    expect(exits.size).toBe(1);
    await pusher.close();
    expect(exits.size).toBe(0);
  });
});

describe("deleting", () => {
  it("is refused where there is no group", async () => {
    const { pusher, receiver } = await start([200], { to: "otlp" });
    expect(await pusher.delete()).toMatchObject({ ok: false, outcome: "rejected" });
    expect(receiver.received).toEqual([]);
  });
});

describe("bad options", () => {
  it.each<[string, object]>([
    ['to: found "statsd"; expected one of "pushgateway", "remote-write", "otlp"', { to: "statsd" }],
    ["url: found undefined; expected an http:// or https:// URL", { to: "pushgateway" }],
    ['url: found "ftp://***@x"; expected', { url: "ftp://me:secret@x" }],
    ['job: found ""; expected', { job: "" }],
    ["instance: found true; expected", { instance: true }],
    ['method: found "PATCH"; expected', { method: "PATCH" }],
    ["intervalMs: found -1; expected a whole number from 0", { intervalMs: -1 }],
    ["timeoutMs: found 0; expected a whole number from 1", { timeoutMs: 0 }],
    ["timeoutMs: found 3000000000; expected", { timeoutMs: 3e9 }],
    ["maxSamplesPerRequest: found 0.5; expected", { maxSamplesPerRequest: 0.5 }],
    ['gzip: found "yes"; expected true or false', { gzip: "yes" }],
    ["headers: found an object; expected an object of strings", { headers: { a: 1 } }],
    ['headers: found "a b"; expected', { headers: { "a b": "x" } }],
    ['headers: found "x"; expected', { headers: { x: "1\n2" } }],
    ['grouping label: found "job"; expected', { grouping: { job: "x" } }],
    ['grouping label: found "a-b"; expected', { grouping: { "a-b": "x" } }],
    ["grouping: found an object; expected none", { to: "otlp", grouping: { a: "x" } }],
  ])("are refused: %s", (message, bad) => {
    const { open } = createPushFixture();
    const options = { to: "pushgateway", ...("to" in bad ? {} : { url: "http://localhost:1" }), ...bad };
    expect(() => open(options as PushOptions)).toThrow(`metrics.push: ${message}`);
  });
});
