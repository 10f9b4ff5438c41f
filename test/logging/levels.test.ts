import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHouse } from "./fakes.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("levels by component", () => {
  it("are set by option, for component() and for a child that names its component", () => {
    const { logger, lines } = createHouse({ level: "warn", levels: { db: "debug", http: "error" } });
    logger.info("no");
    logger.component("db").debug("1");
    logger.child({ component: "db", a: 1 }).debug("2");
    logger.component("db").child({ b: 2 }).debug("3");
    logger.component("http").warn("no");
    logger.component("cache").info("no");
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["1", "2", "3"]);
  });

  it("change at run time for children that exist, theirs, and those to come", () => {
    const { logger, lines } = createHouse({ level: "info" });
    const before = [
      logger.component("db"),
      logger.component("db").child({ a: 1 }),
      logger.child({ component: "db" }),
    ];
    logger.setLevel("db", "trace");
    for (const log of [...before, logger.component("db").child({})]) log.trace("yes");
    logger.component("http").debug("no");
    expect(lines).toHaveLength(4);
    logger.setLevel("db", "silent");
    for (const log of before) log.fatal("no");
    expect(lines).toHaveLength(4);
  });

  it("hold for a component that comes later", () => {
    const { logger, lines } = createHouse({ level: "info" });
    logger.setLevel("later", "debug");
    logger.component("later").debug("yes");
    expect(lines).toHaveLength(1);
  });

  it("follow the service's logger where there is none of their own, and again when it is taken back", () => {
    const { logger, lines } = createHouse({ level: "info" });
    const db = logger.component("db");
    logger.setLevel("debug");
    db.debug("1");
    logger.setLevel("db", "error");
    db.debug("no");
    logger.setLevel("db", null);
    db.debug("2");
    logger.setLevel("info");
    db.debug("no");
    logger.level = "trace";
    db.trace("3");
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["1", "2", "3"]);
  });

  it("fall back by themselves to what held before, and a later word stops the clock", () => {
    const { logger } = createHouse({ level: "info", levels: { db: "warn" } });
    logger.setLevel("db", "debug", { forMs: 1000 });
    logger.setLevel("trace", { forMs: 500 });
    expect(logger.componentLevels()).toEqual({
      root: { level: "trace", configured: "trace", until: "1970-01-01T00:00:00.500Z" },
      db: { level: "debug", configured: "debug", until: "1970-01-01T00:00:01.000Z" },
    });
    vi.advanceTimersByTime(999);
    expect([logger.level, logger.component("db").level]).toEqual(["info", "debug"]);
    vi.advanceTimersByTime(1);
    expect(logger.component("db").level).toBe("warn");
    logger.setLevel("db", "debug", { forMs: 1000 });
    logger.setLevel("db", "trace", { forMs: 5000 });
    vi.advanceTimersByTime(1000);
    expect(logger.component("db").level).toBe("trace");
    logger.setLevel("db", "error");
    vi.advanceTimersByTime(10_000);
    expect(logger.component("db").level).toBe("error");
  });

  it("leave no timer behind", async () => {
    const { logger, close } = createHouse();
    logger.setLevel("db", "debug", { forMs: 1000 });
    logger.setLevel("debug", { forMs: 1000 });
    await close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("are told with what is configured and what holds", () => {
    const { logger } = createHouse({ level: "info", levels: { db: "debug" } });
    logger.component("http");
    logger.component("own").level = "fatal";
    expect(logger.componentLevels()).toEqual({
      root: { level: "info", configured: "info" },
      db: { level: "debug", configured: "debug" },
      http: { level: "info" },
      own: { level: "fatal" },
    });
  });

  it.each<[string, readonly unknown[], string]>([
    ["a level that is none", ["db", "loud"], 'found "loud", expected one of trace, debug'],
    ["a level that is none, for the service", ["loud"], 'found "loud"'],
    ["a component that is no name", ["a b", "info"], 'found "a b", expected a component of 1 to 128'],
    ["an endless name", ["x".repeat(1000), "info"], "expected a component of 1 to 128"],
    ["no time", ["db", "info", { forMs: 0 }], "found 0, expected forMs of 1 to 2147483647 milliseconds"],
    ["a time beyond timers", ["db", "info", { forMs: 2 ** 31 }], "expected forMs"],
  ])("refuse %s and stay as they are", (_, args, message) => {
    const { logger } = createHouse({ level: "info" });
    expect(() => Reflect.apply(logger.setLevel, logger, args)).toThrow(
      expect.objectContaining({ code: "TELLTALE_OPTION", message: expect.stringContaining(message) }),
    );
    expect(logger.componentLevels()).toEqual({ root: { level: "info", configured: "info" } });
  });

  it("are kept for no more than a thousand components", () => {
    const { logger } = createHouse();
    for (let i = 0; i < 999; i++) logger.setLevel(`c${i}`, "info");
    expect(() => logger.setLevel("one-more", "info")).toThrow(/no more than 1000 components/);
    logger.setLevel("c5", null);
    logger.setLevel("one-more", "info");
    expect(logger.component("one-more").level).toBe("info");
  });
});

describe("pino's own ways", () => {
  it("stay: level of a child, isLevelEnabled, bindings, setBindings, a prefix, levels of the host's own", () => {
    const { logger, lines, last } = createHouse({ level: "info" });
    const child = logger.component("db").child({ a: 1, token: "t" }, { msgPrefix: "[x] " });
    child.level = "debug";
    expect([child.isLevelEnabled("debug"), logger.component("db").isLevelEnabled("debug")]).toEqual([
      true,
      false,
    ]);
    child.setBindings({ b: 2, a: 3 });
    expect(child.bindings()).toEqual({ service: "chat", component: "db", a: 3, b: 2, token: "[redacted]" });
    child.debug("text");
    expect(last()).toMatchObject({ msg: "[x] text", a: 3, b: 2 });
    const louder = logger.child({}, { customLevels: { notice: 35 }, level: "notice" });
    louder.notice({ c: 1 }, "heard");
    louder.info("not heard");
    expect(last()).toMatchObject({ level: "notice", c: 1, msg: "heard" });
    expect(lines).toHaveLength(2);
    expect(logger.levels.labels[30]).toBe("info");
  });

  it("give a serializer of the host's a bound value once, and what it answered is bound", () => {
    const { logger, last } = createHouse();
    let calls = 0;
    const serializers = { user: ({ id }: { id: number }) => ({ id, calls: ++calls }) };
    const child = logger.child({ user: { id: 7 } }, { serializers });
    child.info("1");
    child.info("2");
    expect(last()["user"]).toEqual({ id: 7, calls: 1 });
    expect(child.bindings()["user"]).toEqual({ id: 7, calls: 1 });
  });

  it("call a child's own formatter of bindings", () => {
    const { logger, last } = createHouse();
    const formatters = { bindings: (given: object) => ({ ...given, extra: true }) };
    logger.child({ a: 1 }, { formatters }).info("x");
    expect(last()).toMatchObject({ a: 1, extra: true });
  });
});
