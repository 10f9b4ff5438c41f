import { describe, expect, it } from "vitest";
import { redactValue } from "../../src/logging/redact.js";

function nest(depth: number): object {
  return depth === 0 ? { end: true } : { in: nest(depth - 1) };
}

describe("a logged value", () => {
  it("is copied, with secrets hidden at every level, and the original left alone", () => {
    const original = {
      user: "bob",
      password: "p",
      deep: [{ headers: { Authorization: "Bearer x", accept: "*/*" } }],
    };
    const kept = structuredClone(original);
    expect(redactValue(original)).toEqual({
      user: "bob",
      password: "[redacted]",
      deep: [{ headers: { Authorization: "[redacted]", accept: "*/*" } }],
    });
    expect(original).toEqual(kept);
  });

  it("hides the whole of a secret member, and only one that holds something", () => {
    expect(
      redactValue({
        token: { a: 1 },
        secret: 5,
        password: null,
        cookie: "",
        apiKey: true,
        authorization: [],
      }),
    ).toEqual({
      token: "[redacted]",
      secret: "[redacted]",
      password: null,
      cookie: "",
      apiKey: true,
      authorization: "[redacted]",
    });
  });

  it("hides what follows a secret name in a list", () => {
    expect(redactValue(["Host", "a", "Authorization", "Bearer x"])).toEqual([
      "Host",
      "a",
      "Authorization",
      "[redacted]",
    ]);
    expect(
      redactValue([
        ["cookie", "a=b"],
        ["accept", "*/*"],
      ]),
    ).toEqual([
      ["cookie", "[redacted]"],
      ["accept", "*/*"],
    ]);
    expect(redactValue(["--password", "x", "--port", "80"])).toEqual([
      "--password",
      "[redacted]",
      "--port",
      "80",
    ]);
  });

  it("hides query values under the name of a URL, and secret ones in any text", () => {
    expect(redactValue({ url: "/a?x=1", note: "see /a?x=1&token=2" })).toEqual({
      url: "/a?x=[redacted]",
      note: "see /a?x=1&token=[redacted]",
    });
  });

  it("tells circles, depth and oddities in a word", () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle["self"] = { back: circle };
    expect(redactValue(circle)).toEqual({ a: 1, self: { back: "[circular]" } });
    expect(JSON.stringify(redactValue(nest(20)))).toContain("[too deep]");
    expect(redactValue({ n: 5n, huge: 2n ** 300n, s: Symbol("x"), f: () => 1, u: undefined })).toEqual({
      n: "5",
      huge: "[bigint]",
    });
    const twice = { a: 1 };
    expect(redactValue([twice, twice])).toEqual([{ a: 1 }, { a: 1 }]);
  });

  it("survives getters and traps that throw", () => {
    const value = {
      ok: 1,
      get bad(): string {
        throw new Error("getter");
      },
      proxy: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("trap");
          },
        },
      ),
      json: {
        toJSON: () => {
          throw new Error("json");
        },
      },
    };
    expect(redactValue(value)).toEqual({
      ok: 1,
      bad: "[throws]",
      proxy: "[unreadable]",
      json: "[unreadable]",
    });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(redactValue(proxy)).toBe("[unreadable]");
  });

  it("is bounded in entries, items, values and characters", () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]));
    const copy = redactValue(wide) as Record<string, unknown>;
    expect(Object.keys(copy)).toHaveLength(101);
    expect(copy["…"]).toBe("4900 more");
    expect((redactValue(Array.from({ length: 5000 }, () => 1)) as unknown[]).at(-1)).toBe("… 4900 more");
    const grid = Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => "x".repeat(1000)));
    expect(JSON.stringify(redactValue(grid)).length).toBeLessThan(150_000);
    expect(redactValue("y".repeat(20_000))).toBe(`${"y".repeat(16_384)}…[+3616]`);
    expect(Object.keys(redactValue({ ["k".repeat(1000)]: 1 }) as object)[0]).toHaveLength(257);
  });

  it("never changes the prototype of its copy", () => {
    const copy = redactValue(JSON.parse('{"__proto__":{"polluted":1},"a":1}')) as object;
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy).toEqual({ a: 1 });
  });
});
