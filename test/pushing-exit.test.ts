import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startReceiver } from "./metrics/push/receiver.js";
import { type Children, prepareChildren } from "./support/child.js";

let children: Children;
beforeAll(() => {
  children = prepareChildren();
});
afterAll(() => children.remove());

const script = (push: object, rest = ""): string => `
const obs = createObservability({ service: "job", logging: { level: "silent" }, metrics: { push: ${JSON.stringify(push)} } });
obs.metrics.counter({ name: "done_total", help: "D." }).inc(3);
process.exitCode = 7;
${rest}
`;
const done = (body: Buffer | undefined): string | undefined =>
  /^done_total.* (\d+)$/m.exec(String(body))?.[1];

describe("a process that ends by itself", () => {
  it("pushes a last time when asked, and keeps its exit code", async () => {
    const receiver = await startReceiver(200);
    const push = { to: "pushgateway", url: receiver.url, onExit: true };
    const { code, stderr } = await children.run(script(push, "setTimeout(() => {}, 50);"));
    expect([code, stderr]).toEqual([7, ""]);
    expect(receiver.received.map(({ body }) => done(body))).toEqual(["3"]);
  });

  it("does not push when not asked, and is not kept by the interval", async () => {
    const receiver = await startReceiver(200);
    const push = { to: "pushgateway", url: receiver.url, intervalMs: 60_000 };
    expect((await children.run(script(push))).code).toBe(7);
    expect(receiver.received).toEqual([]);
  });

  it("is not kept by a push of the interval that hangs", async () => {
    const receiver = await startReceiver("never");
    const push = { to: "pushgateway", url: receiver.url, intervalMs: 20, timeoutMs: 60_000 };
    const { code } = await children.run(script(push, "setTimeout(() => {}, 500);"));
    expect(code).toBe(7);
    expect(receiver.received.length).toBe(1);
  });

  it("is not kept by a push of the interval that waits for another try", async () => {
    const push = { to: "pushgateway", url: "http://127.0.0.1:9", intervalMs: 20, timeoutMs: 60_000 };
    const { code } = await children.run(script(push, "setTimeout(() => {}, 300);"));
    expect(code).toBe(7);
  });

  it("is kept for its limit at the longest by a last push that hangs", async () => {
    const receiver = await startReceiver("never");
    const push = { to: "pushgateway", url: receiver.url, onExit: true, timeoutMs: 300 };
    const { code, stderr } = await children.run(script(push));
    expect([code, stderr]).toEqual([7, ""]);
    expect(receiver.received.length).toBe(1);
  });

  it("is kept for its limit at the longest where nobody listens", async () => {
    const push = { to: "pushgateway", url: "http://127.0.0.1:9", onExit: true, timeoutMs: 300 };
    expect((await children.run(script(push))).code).toBe(7);
  });

  it("waits for a push that is awaited, though nothing else keeps it", async () => {
    const receiver = await startReceiver((res) => void setTimeout(() => res.end(), 300));
    const push = { to: "pushgateway", url: receiver.url, pushOnClose: false };
    const rest = "obs.metrics.push().push().then(({ outcome }) => console.log(outcome));";
    expect(await children.run(script(push, rest))).toMatchObject({ code: 7, stdout: "ok\n" });
  });
});

describe("a process that fails", () => {
  it("dies of its exception as without us", async () => {
    const receiver = await startReceiver(200);
    const push = { to: "pushgateway", url: receiver.url, onExit: true };
    const { code, stderr } = await children.run(
      script(push, 'setTimeout(() => { throw new Error("mine"); }, 10);'),
    );
    expect(code).toBe(1);
    expect(stderr).toContain("mine");
  });
});
