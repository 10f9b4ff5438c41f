import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { redactValue } from "../../src/logging/redact.js";

function exchange(look: (req: IncomingMessage, res: ServerResponse) => unknown): Promise<unknown> {
  return new Promise((resolve) => {
    const server = createServer((req, res) => {
      const seen = look(req, res);
      res.end(() => server.close(() => resolve(seen)));
    });
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      request({
        port,
        path: "/a?token=abc",
        headers: { authorization: "Bearer x", cookie: "sid=1" },
        agent: false,
      }).end();
    });
  });
}

describe("http messages", () => {
  it("tell a request by method, url and headers, without the client's address", async () => {
    const seen = await exchange((req) => redactValue(Object.assign(req, { id: 7 })));
    expect(seen).toEqual({
      id: 7,
      method: "GET",
      url: "/a?token=[redacted]",
      headers: expect.objectContaining({
        authorization: "[redacted]",
        cookie: "[redacted]",
        connection: "close",
      }),
    });
  });

  it("prefer the URL that Express has kept", async () => {
    const seen = await exchange((req) => redactValue(Object.assign(req, { originalUrl: "/mount/a?x=1" })));
    expect(seen).toMatchObject({ url: "/mount/a?x=[redacted]" });
  });

  it("tell a response by status and headers", async () => {
    const seen = await exchange((_req, res) => {
      res.statusCode = 201;
      res.setHeader("Set-Cookie", ["sid=1"]);
      res.setHeader("X-Id", "5");
      return redactValue({ res });
    });
    expect(seen).toEqual({ res: { statusCode: 201, headers: { "set-cookie": "[redacted]", "x-id": "5" } } });
  });

  it("tell a request of our own by method and path", () => {
    const own = request({ port: 1, path: "/x?token=a", method: "POST" });
    own.on("error", () => undefined);
    own.destroy();
    expect(redactValue(own)).toEqual({ method: "POST", path: "/x?token=[redacted]" });
  });

  it("tell a fetch request, and leave plain data that only looks like one", () => {
    expect(redactValue(new Request("https://host/a?x=1", { headers: { "x-api-key": "k" } }))).toEqual({
      method: "GET",
      url: "https://host/a?x=[redacted]",
      headers: { "x-api-key": "[redacted]" },
    });
    expect(redactValue({ method: "GET", url: "/a", headers: {}, body: "b" })).toEqual({
      method: "GET",
      url: "/a",
      headers: {},
      body: "b",
    });
  });
});
