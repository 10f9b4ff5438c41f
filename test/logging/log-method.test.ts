import { describe, expect, it } from "vitest";
import { createHouse } from "./fakes.js";

const hostile = {
  get boom(): string {
    throw new Error("getter");
  },
};
const circle: Record<string, unknown> = {};
circle["self"] = circle;
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

describe("a log call", () => {
  it.each<[string, readonly unknown[]]>([
    ["nothing", []],
    ["undefined", [undefined, "text"]],
    ["null", [null, "text"]],
    ["a number", [5]],
    ["a symbol", [Symbol("x")]],
    ["a BigInt", [5n]],
    ["a function", [() => 1]],
    ["an array", [[1, { token: "t" }], "text"]],
    ["a date", [new Date(0), "text"]],
    ["a circle", [circle, "text"]],
    ["a throwing getter", [hostile, "text"]],
    ["a revoked proxy", [revoked, "text"]],
    ["BigInt", [{ n: 5n }, "text"]],
    ["a symbol for %d", ["%d", Symbol("x")]],
    ["an object without a prototype for %s", ["%s", Object.create(null)]],
    [
      "an object whose toString throws",
      [
        "%s",
        {
          toString: () => {
            throw new Error("no text");
          },
        },
      ],
    ],
    ["a circle for %j", ["%j", circle]],
    ["an error without a stack", [Object.assign(new Error("x"), { stack: undefined })]],
  ])("takes %s without a throw and writes one line", (_, args) => {
    const { logger, lines } = createHouse();
    expect(() => Reflect.apply(logger.info, logger, [...args])).not.toThrow();
    expect(lines).toHaveLength(1);
    expect(() => JSON.parse(lines[0] ?? "") as unknown).not.toThrow();
  });

  it("keeps the text of a call that could not be rendered, and notes why", () => {
    const { logger, last, notes } = createHouse();
    logger.info(revoked, "50% done");
    expect(last()).toMatchObject({ level: "info", unrendered: true, msg: "50% done" });
    expect(notes).toHaveLength(1);
  });

  it("prints an object whose toString is data as JSON where a text is asked for", () => {
    const { logger, last, notes } = createHouse();
    logger.info("found %s", { toString: 5, inner: [{ valueOf: "x" }] });
    expect(last()).toMatchObject({ msg: 'found {"toString":5,"inner":[{"valueOf":"x"}]}' });
    expect(notes).toEqual([]);
  });

  it("logs an error given first under err, with its message", () => {
    const { logger, last } = createHouse();
    logger.error(new TypeError("bad"));
    expect(last()).toMatchObject({ err: { type: "TypeError", message: "bad" }, msg: "bad" });
    logger.error(new TypeError("bad"), "while saving");
    expect(last()).toMatchObject({ err: { type: "TypeError" }, msg: "while saving" });
  });

  it("does not lose the error given after the text", () => {
    const { logger, last } = createHouse();
    Reflect.apply(logger.error, logger, ["failed", new TypeError("bad")]);
    expect(last()).toMatchObject({ err: { type: "TypeError", message: "bad" }, msg: "failed" });
    logger.error("failed: %s", new TypeError("bad"));
    expect(last()["msg"]).toContain("failed: ");
    expect(last()).not.toHaveProperty("err");
  });

  it("hides secrets in the text, also when it came together from pieces", () => {
    const { logger, last } = createHouse();
    logger.info("GET https://host/?token=%s", "abc123");
    expect(last()["msg"]).toBe("GET https://host/?token=[redacted]");
  });

  it("leaves the caller's arguments alone", () => {
    const { logger } = createHouse();
    const fields = Object.freeze({ password: "p", level: 5, nested: Object.freeze({ token: "t" }) });
    logger.info(fields, "text");
    expect(fields).toEqual({ password: "p", level: 5, nested: { token: "t" } });
  });

  it("costs a getter one reading", () => {
    const { logger } = createHouse();
    let readings = 0;
    logger.info({
      get lazy(): number {
        return ++readings;
      },
    });
    expect(readings).toBe(1);
  });

  it("does not look at what is below the level", () => {
    const { logger } = createHouse({ level: "warn" });
    logger.info({
      get lazy(): number {
        throw new Error("read");
      },
    });
  });
});
