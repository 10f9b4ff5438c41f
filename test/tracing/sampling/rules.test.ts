import { describe, expect, it } from "vitest";
import { compileRule, pathPattern } from "../../../src/tracing/sampling/rules.js";

describe("pathPattern", () => {
  it.each([
    ["/health", "/health", true],
    ["/health", "/health/", true],
    ["/health", "/healthy", false],
    ["/health*", "/healthy", true],
    ["/health*", "/health/live", true],
    ["/health/*", "/health", false],
    ["/users/:id", "/users/7", true],
    ["/users/{id}", "/users/7/", true],
    ["/users/:id", "/users/7/orders", false],
    ["/users/:id", "/users/", false],
    ["/users/:id/*", "/users/7/orders/8", true],
    ["/a.b", "/axb", false],
    ["/(a+)+$", "/(a+)+$", true],
    ["/", "/", true],
    ["/", "/x", false],
    ["*", "/anything", true],
  ])("%s and %s: %s", (route, path, isMatch) => {
    expect(pathPattern(route).test(path)).toBe(isMatch);
  });
});

describe("compileRule", () => {
  it("reads today's and the former name of the path, without its query", () => {
    const matches = compileRule({ route: "/health*" });
    expect(matches({ name: "GET", attributes: { "url.path": "/health" } })).toBe(true);
    expect(matches({ name: "GET", attributes: { "http.target": "/health?deep=1" } })).toBe(true);
    expect(matches({ name: "GET", attributes: {} })).toBe(false);
    expect(matches({ name: "GET", attributes: { "url.path": ["/health"] } })).toBe(false);
  });

  it("fits names whole, or by their beginning with an asterisk", () => {
    const fits = (operation: string, name: string) => compileRule({ operation })({ name, attributes: {} });
    expect([
      fits("checkout", "checkout"),
      fits("checkout", "checkout 2"),
      fits("check*", "checkout"),
    ]).toEqual([true, false, true]);
  });

  it("wants both where it has both", () => {
    const matches = compileRule({ route: "/jobs", operation: "POST" });
    expect(matches({ name: "POST", attributes: { "url.path": "/jobs" } })).toBe(true);
    expect(matches({ name: "GET", attributes: { "url.path": "/jobs" } })).toBe(false);
    expect(matches({ name: "POST", attributes: {} })).toBe(false);
  });
});
