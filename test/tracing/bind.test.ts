import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { contexts, RequestContext } from "../../src/tracing/context.js";

const ctx = new RequestContext(ROOT_CONTEXT, undefined, "bound");
const here = () => contexts.active() === ctx;

describe("bind", () => {
  it("runs a function in the context, with its receiver, arguments and length", () => {
    function asked(this: unknown, a: number, b: number): unknown[] {
      return [this, a, b, here()];
    }
    const bound = contexts.bind(ctx, asked);
    const receiver = {};
    expect(bound.call(receiver, 1, 2)).toEqual([receiver, 1, 2, true]);
    expect(bound.length).toBe(2);
    expect(here()).toBe(false);
  });

  it("returns what is neither function nor emitter as it is", () => {
    const plain = { a: 1 };
    expect(contexts.bind(ctx, plain)).toBe(plain);
    expect(contexts.bind(ctx, undefined)).toBeUndefined();
  });

  it.each(["on", "addListener", "once", "prependListener", "prependOnceListener"] as const)(
    "runs listeners added by %s in the context",
    (method) => {
      const emitter = contexts.bind(ctx, new EventEmitter());
      const seen: unknown[] = [];
      expect(emitter[method]("tick", (value: number) => seen.push(value, here()))).toBe(emitter);
      emitter.emit("tick", 1);
      expect(seen).toEqual([1, true]);
    },
  );

  it("calls a once-listener once and forgets it", () => {
    const emitter = contexts.bind(ctx, new EventEmitter());
    let calls = 0;
    emitter.once("tick", () => calls++);
    emitter.prependOnceListener("tick", () => calls++);
    emitter.emit("tick");
    emitter.emit("tick");
    expect([calls, emitter.listenerCount("tick")]).toEqual([2, 0]);
  });

  it.each(["on", "once", "prependListener", "prependOnceListener"] as const)(
    "lets a listener added by %s be removed by itself",
    (method) => {
      const emitter = contexts.bind(ctx, new EventEmitter());
      let calls = 0;
      const listener = () => calls++;
      emitter[method]("tick", listener);
      expect(emitter.listeners("tick")).toEqual([listener]);
      emitter.off("tick", listener);
      emitter.emit("tick");
      expect([calls, emitter.listenerCount("tick")]).toEqual([0, 0]);
    },
  );

  it("keeps the order of listeners", () => {
    const emitter = contexts.bind(ctx, new EventEmitter());
    const order: string[] = [];
    emitter.on("tick", () => order.push("second"));
    emitter.prependListener("tick", () => order.push("first"));
    emitter.emit("tick");
    expect(order).toEqual(["first", "second"]);
  });

  it("gives a listener the emitter as its receiver", () => {
    const emitter = contexts.bind(ctx, new EventEmitter());
    let receiver: unknown;
    emitter.once("tick", function (this: unknown) {
      receiver = this;
    });
    emitter.emit("tick");
    expect(receiver).toBe(emitter);
  });

  it("binds once where one way to add a listener calls another", () => {
    class Roundabout extends EventEmitter {
      override addListener(event: string, listener: () => void): this {
        return this.on(event, listener);
      }
    }
    const emitter = contexts.bind(ctx, new Roundabout());
    const listener = () => undefined;
    emitter.addListener("tick", listener);
    emitter.off("tick", listener);
    expect(emitter.listenerCount("tick")).toBe(0);
  });

  it("leaves listeners that were there before, and binds only once", () => {
    const emitter = new EventEmitter();
    const seen: unknown[] = [];
    emitter.on("tick", () => seen.push(here()));
    contexts.bind(ctx, emitter);
    const own = emitter.on;
    contexts.bind(new RequestContext(ROOT_CONTEXT, undefined, "other"), emitter);
    expect(emitter.on).toBe(own);
    emitter.on("tick", () => seen.push(here()));
    emitter.emit("tick");
    expect(seen).toEqual([false, true]);
  });

  it("still starts a stream when its data is listened to", async () => {
    const stream = contexts.bind(ctx, new PassThrough());
    const seen = new Promise((resolve) => stream.on("data", (chunk) => resolve([String(chunk), here()])));
    stream.end("payload");
    expect(await seen).toEqual(["payload", true]);
  });
});
