import { describe, expect, test } from "vitest";
import { type LayerLike, type Matcher, take } from "../../../../src/collectors/http/express-routes/layers.js";
import {
  templateOfMatchers,
  templateOfRegExp,
} from "../../../../src/collectors/http/express-routes/patterns.js";

/** A matcher as router 2.0 to 2.2 has it: `:name` takes one segment or a part of one, `*name` takes the rest. */
function match(pattern: string): Matcher {
  const names: string[] = [];
  const source = pattern.replace(/([:*])(\w+)/g, (_, sign: string, name: string) => {
    names.push(name);
    return sign === ":" ? "([^/]+?)" : "(.+?)";
  });
  const regexp = new RegExp(`^${source}(?=/|$)`);
  return function match(path) {
    const found = regexp.exec(path);
    if (found === null) return false;
    const params = names.map((name, i) => [name, decodeURIComponent(found[i + 1] as string)]);
    return { path: found[0], params: Object.fromEntries(params) };
  };
}

/** As the router names it, for a RegExp of the service's. */
function regexpMatcher(path: string): ReturnType<Matcher> {
  const found = /^\/v(\d+)x?/.exec(path);
  return found !== null && { path: found[0], params: { 0: found[1] } };
}

/** A layer of router 2.2: `match()` answers true and leaves what it found on the layer. */
function layer(...matchers: Matcher[]): LayerLike {
  return {
    handle: () => undefined,
    matchers,
    match(path) {
      const found = matchers.map((matcher) => matcher(path)).find((answer) => answer !== false);
      Object.assign(this, { path: found?.path, params: found?.params });
      return found !== undefined;
    },
  };
}

describe("the template of a mount of router 2.2", () => {
  test.each([
    ["/api", "/api/users", "/api"],
    ["/api/:tenant", "/api/acme/users/7", "/api/:tenant"],
    ["/:a/:b", "/same/same/leaf", "/:a/:b"],
    ["/users/:users", "/users/users/leaf", "/users/:users"],
    ["/v:major/:rest", "/v1/1/leaf", "/v:major/:rest"],
    ["/:from-:to", "/2020-2021/leaf", "/:from-:to"],
    ["/:lang.json/x", "/de.json/x/leaf", "/:lang.json/x"],
    ["/files/*rest/end", "/files/a/b/c/end/leaf", "/files/*/end"],
    ["/api/:tenant", "/api/a%2Fb/leaf", "/api/:tenant"],
  ])("%s is found for %s by probing", (pattern, path, template) => {
    const taken = take(layer(match(pattern)), path);
    expect(taken?.template).toBe(template);
    expect(path.slice(taken?.length)).toMatch(/^\/(leaf|users)/);
    expect(taken?.fixed).toBe(true);
  });

  test("is the alternative that matched, and not the same for every path", () => {
    const either = layer(match("/first"), match("/second/:way"));
    expect(take(either, "/first/1")).toEqual({ length: 6, template: "/first", fixed: false });
    expect(take(either, "/second/x/1")).toEqual({ length: 9, template: "/second/:way", fixed: false });
  });

  test("is a star for a RegExp, whose text nobody shows", () => {
    expect(take(layer(regexpMatcher), "/v1234x/users")?.template).toBe("*");
    expect(templateOfMatchers([match("/other"), regexpMatcher], "/v9/users")).toBe("*");
  });

  test("is none for a path that does not match or cannot be decoded", () => {
    expect(take(layer(match("/api/:tenant")), "/other")).toBeUndefined();
    expect(take(layer(match("/api/:tenant")), "/api/%zz")).toBeUndefined();
    expect(templateOfMatchers([], "/any")).toBe("*");
  });
});

describe("the template of a mount of Express 4", () => {
  const keys = (...names: (string | number)[]) => names.map((name) => ({ name }));
  const generated = (source: string) => new RegExp(`^${source}\\/?(?=\\/|$)`, "i");

  test("has the names of the groups, the stars of those without one, and literal text", () => {
    const regexp = generated("\\/api(?:\\/([^\\/]+?))\\/x(.*)\\/y");
    expect(templateOfRegExp(regexp, keys("tenant", 0), "/api/api/x/a/b/y/leaf")).toBe("/api/:tenant/x*/y");
  });

  test("leaves out the groups that took nothing and those inside another", () => {
    const optional = generated("\\/in(?:\\/([^\\/]+?))?\\/docs");
    expect(templateOfRegExp(optional, keys("lang"), "/in/docs")).toBe("/in/docs");
    expect(templateOfRegExp(optional, keys("lang"), "/in/de/docs")).toBe("/in/:lang/docs");
    const nested = generated("\\/((a|b)c)");
    expect(templateOfRegExp(nested, keys("id", 0), "/ac")).toBe("/:id");
  });

  test("is the constrained parameter whatever its value is", () => {
    const regexp = generated("\\/(?:([0-9a-f]{24}))");
    expect(templateOfRegExp(regexp, keys("id"), "/507f1f77bcf86cd799439011")).toBe("/:id");
  });

  test("is the source of a RegExp of the service's, not the text that it took", () => {
    expect(templateOfRegExp(/^\/v\d+/, [], "/v1234/users")).toBe("^\\/v\\d+");
  });
});
