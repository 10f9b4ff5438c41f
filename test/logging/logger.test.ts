import { describe, expect, it } from "vitest";
import { createHouse } from "./fakes.js";

describe("a line", () => {
  it("has level as a word, ISO time, service, component and message", () => {
    const house = createHouse({ version: "1.2.3", environment: "test" });
    house.logger.component("db").warn({ rows: 3 }, "slow query");
    expect(
      Object.entries(house.last()).map(([key, value]) => (key === "time" ? key : `${key}=${value}`)),
    ).toEqual([
      "level=warn",
      "time",
      "service=chat",
      "version=1.2.3",
      "environment=test",
      "component=db",
      "rows=3",
      "msg=slow query",
    ]);
    expect(house.last()["time"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it("carries the ids of the work that is running when it is written", () => {
    const house = createHouse();
    house.logger.info("outside");
    expect(house.last()).not.toHaveProperty("trace_id");
    house.ids.chunk = ',"trace_id":"t","span_id":"s","request_id":"r"';
    house.logger.component("db").info("inside");
    expect(house.last()).toMatchObject({ trace_id: "t", span_id: "s", request_id: "r", component: "db" });
  });

  it("says that it lost its ids only to note", () => {
    const house = createHouse();
    Object.defineProperty(house.ids, "chunk", {
      get: () => {
        throw new Error("no store");
      },
    });
    house.logger.info("still here");
    expect(house.last()["msg"]).toBe("still here");
    expect(house.notes.map(({ message }) => message)).toEqual(["log line: no store"]);
  });

  it("never has a key twice", () => {
    const house = createHouse();
    house.ids.chunk = ',"trace_id":"t"';
    const forged = {
      level: "fatal",
      time: 0,
      service: "x",
      component: "x",
      trace_id: "x",
      msg: "x",
      other: 1,
    };
    house.logger.component("db").info(forged, "real");
    house.logger.component("db").child({ service: "y", trace_id: "y" }).info("real");
    for (const line of house.lines) {
      const keys = [...line.matchAll(/"(\w+)":/g)].map(([, key]) => key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(JSON.parse(line)).toMatchObject({
        level: "info",
        service: "chat",
        component: "db",
        trace_id: "t",
        msg: "real",
      });
    }
    expect(JSON.parse(house.lines[0] ?? "")).toMatchObject({
      level_: "fatal",
      component_: "x",
      msg_: "x",
      other: 1,
    });
  });

  it("keeps names that are free", () => {
    const house = createHouse();
    house.logger.info({ component: "mine", trace_id: "mine", msg: "mine", version: 2 });
    expect(house.last()).toMatchObject({ component: "mine", trace_id: "mine", msg: "mine", version: 2 });
  });

  it("is not written below the level, and none at silent", () => {
    const house = createHouse({ level: "warn" });
    house.logger.info("no");
    house.logger.component("db").debug("no");
    house.logger.warn("yes");
    expect(house.lines).toHaveLength(1);
    const silent = createHouse({ level: "silent" });
    silent.logger.fatal("no");
    expect(silent.lines).toEqual([]);
  });
});

describe("component", () => {
  it("gives the same child for the same name", () => {
    const { logger } = createHouse();
    expect(logger.component("db")).toBe(logger.component("db"));
    expect(logger.component("db")).not.toBe(logger.component("cache"));
  });

  it("keeps no more than a thousand children", () => {
    const { logger } = createHouse();
    for (let i = 0; i < 1000; i++) logger.component(`c${i}`);
    expect(logger.component("one more")).not.toBe(logger.component("one more"));
    expect(logger.component("c5")).toBe(logger.component("c5"));
  });
});

describe("two loggers", () => {
  it("share nothing", () => {
    const [one, two] = [createHouse({ redact: ["ssn"] }), createHouse({ service: "other" })];
    one.logger.level = "error";
    two.logger.info({ ssn: "1" });
    expect(one.lines).toEqual([]);
    expect(two.last()).toMatchObject({ service: "other", ssn: "1" });
  });
});
