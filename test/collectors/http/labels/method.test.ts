import { METHODS } from "node:http";
import { describe, expect, test } from "vitest";
import { methodLabeller } from "../../../../src/collectors/http/labels/method.js";
import { table, value } from "../../../support/exposition.js";
import { EXPRESSES, serveExpress } from "../../../support/express.js";
import { connectRaw, head } from "../../../support/raw-client.js";
import { observe } from "../../../support/service.js";

const STANDARD = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "QUERY"];

describe.each(EXPRESSES)("the method label of %s", (_, express) => {
  test("is one of a fixed list, whatever node accepts", async () => {
    const service = await serveExpress(express, (app) => void app.use((_req, res) => void res.end()));
    const methods = METHODS.filter((method) => method !== "CONNECT");
    for (const method of methods) {
      const client = await connectRaw(service.port);
      client.send(head(`${method} / HTTP/1.1`, { Host: "x", Connection: "close" }));
      await client.closed();
      expect([method, client.received().slice(0, 15)]).toEqual([method, "HTTP/1.1 200 OK"]);
    }
    await service.settled(methods.length);
    const known = STANDARD.filter((method) => methods.includes(method));
    expect(table(await service.samples(), "http_requests_total", ["method"])).toEqual({
      ...Object.fromEntries(known.map((method) => [method, 1])),
      _OTHER: methods.length - known.length,
    });
    const gauges = table(await service.samples(), "http_requests_in_flight", ["method"]);
    expect(gauges).toEqual(Object.fromEntries([...known, "_OTHER"].map((method) => [method, 0])));
  });

  test("keeps those of http.methods; the span and the log tell the others by name", async () => {
    const service = await serveExpress(
      express,
      (app) => void app.all("/dav/:name", (_req, res) => void res.send("ok")),
      observe({ http: { methods: ["PROPFIND"] } }),
    );
    for (const method of ["PROPFIND", "MKCOL"]) await service.ask("/dav/a", { method });
    expect(await service.settled(2)).toEqual({ "PROPFIND /dav/:name 200": 1, "_OTHER /dav/:name 200": 1 });
    expect(service.spans.map(({ name }) => name)).toEqual(["PROPFIND /dav/:name", "HTTP /dav/:name"]);
    expect(
      service.spans.map(({ attributes }) => [
        attributes["http.request.method"],
        attributes["http.request.method_original"],
      ]),
    ).toEqual([
      ["PROPFIND", undefined],
      ["_OTHER", "MKCOL"],
    ]);
    expect(service.accessLog().map(({ method }) => method)).toEqual(["PROPFIND", "MKCOL"]);
    expect(value(await service.samples(), "http_requests_in_flight", { method: "_OTHER" })).toBe(0);
  });
});

describe("a method labeller", () => {
  test("takes methods by their exact spelling, as RFC 9110 has them", () => {
    const label = methodLabeller(["PURGE"]);
    expect(["GET", "PURGE", "get", "purge", "", undefined, "__proto__"].map(label)).toEqual([
      "GET",
      "PURGE",
      "_OTHER",
      "_OTHER",
      "_OTHER",
      "_OTHER",
      "_OTHER",
    ]);
  });
});
