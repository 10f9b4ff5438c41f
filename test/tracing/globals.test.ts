import { type TracerProvider, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { apiGlobals, claim, foreign } from "../../src/tracing/globals.js";
import { createNoopTracer } from "../../src/tracing/id-tracer.js";

afterEach(() => trace.disable());

function providerOf(name: string, log: string[]): TracerProvider {
  return {
    getTracer() {
      log.push(name);
      return createNoopTracer();
    },
  };
}

function claimFor(provider: TracerProvider): () => void {
  return claim("trace", {
    register: () => trace.setGlobalTracerProvider(provider),
    unregister: () => trace.disable(),
  });
}

function usedBy(log: string[]): string | undefined {
  log.length = 0;
  trace.getTracer("app");
  return log[0];
}

describe("claim", () => {
  it("registers in a free slot and frees it on release", () => {
    const log: string[] = [];
    const release = claimFor(providerOf("ours", log));
    expect(usedBy(log)).toBe("ours");
    release();
    expect(apiGlobals().trace).toBeUndefined();
  });

  it("hands the slot on to the next live instance, oldest first", () => {
    const log: string[] = [];
    const releases = ["first", "second", "third"].map((name) => claimFor(providerOf(name, log)));
    const users = releases.map((release) => {
      const user = usedBy(log);
      release();
      return user;
    });
    expect(users).toEqual(["first", "second", "third"]);
    expect(apiGlobals().trace).toBeUndefined();
  });

  it("forgets an instance that is released before its turn", () => {
    const log: string[] = [];
    const first = claimFor(providerOf("first", log));
    claimFor(providerOf("second", log))();
    expect(usedBy(log)).toBe("first");
    first();
    expect(apiGlobals().trace).toBeUndefined();
  });

  it("leaves what a stranger registered, before or in between", () => {
    const log: string[] = [];
    trace.setGlobalTracerProvider(providerOf("stranger", log));
    claimFor(providerOf("ours", log))();
    expect(usedBy(log)).toBe("stranger");
    trace.disable();
    const release = claimFor(providerOf("ours", log));
    trace.disable();
    trace.setGlobalTracerProvider(providerOf("stranger", log));
    release();
    expect(usedBy(log)).toBe("stranger");
  });

  it("is released once: a second call frees nobody else's slot", () => {
    const log: string[] = [];
    const first = claimFor(providerOf("first", log));
    first();
    const second = claimFor(providerOf("second", log));
    first();
    expect(usedBy(log)).toBe("second");
    second();
  });

  it("waits with a registration that the api refuses", () => {
    const release = claim("trace", { register: () => false, unregister: () => expect.unreachable() });
    expect(apiGlobals().trace).toBeUndefined();
    release();
  });
});

describe("foreign", () => {
  it("names a stranger's registration only", () => {
    expect(foreign("trace")).toBeUndefined();
    const release = claimFor(providerOf("ours", []));
    expect(foreign("trace")).toBeUndefined();
    release();
    trace.setGlobalTracerProvider(providerOf("stranger", []));
    expect(foreign("trace")).toBe(apiGlobals().trace);
  });
});
