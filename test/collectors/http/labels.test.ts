import { describe, expect, test } from "vitest";
import type { LabelValueOf } from "../../../src/collectors/http/settings.js";
import { find, table, value } from "../../support/exposition.js";
import { EXPRESSES, serveExpress } from "../../support/express.js";
import { observe } from "../../support/service.js";

describe.each(EXPRESSES)("the custom labels of %s", (_, express) => {
  const serve = (labels: Record<string, LabelValueOf>, http: object = {}) =>
    serveExpress(
      express,
      (app) => {
        app.get("/users/:id", (_req, res) => void res.set("x-cache", "HIT").send("ok"));
        app.get("/none", (_req, res) => void res.sendStatus(204));
      },
      observe({ http: { labels, ...http } }),
    );

  test("are on the request families, read when the response has closed", async () => {
    const service = await serve({
      tenant: (req) => req.headers["x-tenant"],
      cache: (_req, res) => res.getHeader("x-cache"),
    });
    await service.ask("/users/1", { headers: { "x-tenant": "acme" } });
    await service.ask("/none");
    await service.settled(2);
    const samples = await service.samples();
    const names = ["route", "tenant", "cache"];
    const expected = { "/users/:id acme HIT": 1, "/none  ": 1 };
    for (const family of ["http_requests_total", "http_request_duration_seconds_count"])
      expect(table(samples, family, names)).toEqual(expected);
    for (const family of ["http_request_size_bytes_count", "http_time_to_headers_seconds_count"])
      expect(table(samples, family, names)).toEqual(expected);
    expect(find(samples, "http_requests_in_flight")[0]?.labels).not.toHaveProperty("tenant");
  });

  test.each<[string, unknown, string]>([
    ["a number", 42, "42"],
    ["true", true, "true"],
    ["null", null, ""],
    ["undefined", undefined, ""],
    ["an array", ["a", "b"], "a,b"],
    ["an object", { a: 1 }, "[object Object]"],
    ["a bigint", 10n, "10"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a Date that is none", new Date(Number.NaN), "Invalid Date"],
    ["quotes, backslashes and newlines", 'a"b\\c\nd', 'a"b\\c\nd'],
    ["what looks like labels", '",route="/forged', '",route="/forged'],
    ["a lone surrogate", "\ud800", "\ufffd"],
  ])("are made text of %s, and the exposition stays whole", async (_what, given, text) => {
    const service = await serve({ custom: () => given });
    await service.ask("/none");
    await expect.poll(async () => value(await service.samples(), "http_requests_total")).toBe(1);
    const [sample] = find(await service.samples(), "http_requests_total");
    const sent = Buffer.from(sample?.labels["custom"] ?? "missing").toString();
    expect([sent, sample?.labels["route"]]).toEqual([text, "/none"]);
  });

  test.each<[string, LabelValueOf]>([
    [
      "throws",
      () => {
        throw new Error("label");
      },
    ],
    ["gives what cannot be made text", () => Object.create(null) as unknown],
    [
      "gives what throws when it is",
      () => ({
        toString() {
          throw new Error("label");
        },
      }),
    ],
  ])("are empty where the function %s, which is counted and logged once", async (_how, read) => {
    const service = await serve({ custom: read });
    for (let i = 0; i < 3; i++) expect((await service.ask("/none")).status).toBe(204);
    expect(await service.settled(3)).toEqual({ "GET /none 204": 3 });
    const samples = await service.samples();
    expect(table(samples, "http_requests_total", ["custom"])).toEqual({ "": 3 });
    expect(value(samples, "telltale_errors_total", { part: "http.labels" })).toBe(3);
    const faults = service.lines.filter((line) => line["component"] === "telltale");
    expect(faults.map(({ level, part }) => [level, part])).toEqual([["warn", "http.labels"]]);
    expect(service.accessLog()).toHaveLength(3);
  });

  test("keep the first http.maxLabelValues values and fold the rest into __overflow__", async () => {
    const service = await serve({ user: (req) => req.headers["x-user"] }, { maxLabelValues: 3 });
    for (let i = 0; i < 20; i++) await service.ask("/none", { headers: { "x-user": `u${i}` } });
    await service.ask("/none", { headers: { "x-user": "u1" } });
    await service.settled(21);
    expect(table(await service.samples(), "http_requests_total", ["user"])).toEqual({
      u0: 1,
      u1: 2,
      u2: 1,
      __overflow__: 17,
    });
  });

  test("are bounded each by itself", async () => {
    const service = await serve(
      { a: (req) => req.headers["x-a"], b: (req) => req.headers["x-b"] },
      { maxLabelValues: 2 },
    );
    for (const i of [1, 2, 3]) await service.ask("/none", { headers: { "x-a": `a${i}`, "x-b": "b" } });
    await service.settled(3);
    expect(table(await service.samples(), "http_requests_total", ["a", "b"])).toEqual({
      "a1 b": 1,
      "a2 b": 1,
      "__overflow__ b": 1,
    });
  });

  test("show classes in place of codes with http.statusClass, 4xx for a client that left too", async () => {
    const service = await serveExpress(
      express,
      (app) => app.get("/s/:code", (req, res) => void res.sendStatus(Number(req.params["code"]))),
      observe({ http: { statusClass: true } }),
    );
    await service.askAll([200, 204, 301, 404, 418, 500, 503].map((code) => `/s/${code}`));
    expect(await service.settled(7)).toEqual({
      "GET /s/:code 2xx": 2,
      "GET /s/:code 3xx": 1,
      "GET /s/:code 4xx": 2,
      "GET /s/:code 5xx": 2,
    });
    expect(service.accessLog().map(({ status }) => status)).toEqual([200, 204, 301, 404, 418, 500, 503]);
  });

  test.each([
    [{ "bad-name": () => 1 }, /bad-name/],
    [{ route: () => 1 }, /route/],
    [{ le: () => 1 }, /le/],
    [{ ok: "not a function" }, /http\.labels/],
  ])("are refused at the edge as %j", (labels, message) => {
    expect(() => observe({ http: { labels: labels as never } })).toThrow(message);
  });
});
