import { describe, expect, test } from "vitest";
import { requestIdOf } from "../../../../src/collectors/http/server/request-id.js";
import { EXPRESSES, serveExpress } from "../../../support/express.js";
import { connectRaw, head } from "../../../support/raw-client.js";
import { observe } from "../../../support/service.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("a request id", () => {
  test.each([
    "a",
    "1".repeat(128),
    "0b7a5bd0-6f5e-4c1d-9f0a-0d2f7a1b3c4d",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "Root=1-67891233-abcdef012345678912345678",
    "user@host:8080/path+b64==",
  ])("is taken over when it is a safe token: %s", (id) => {
    expect(requestIdOf(id)).toBe(id);
  });

  test.each([
    undefined,
    "",
    " ",
    "a b",
    "a\nb",
    "a\r\nSet-Cookie: x",
    "a\n",
    '"quoted"',
    "<script>",
    "é",
    "1".repeat(129),
    "x".repeat(1024),
    ["a", "b"],
  ])("is a fresh UUID in place of %j", (id) => {
    const [first, second] = [requestIdOf(id), requestIdOf(id)];
    expect(first).toMatch(UUID);
    expect(second).not.toBe(first);
  });
});

describe.each(EXPRESSES)("the request id in %s", (_, express) => {
  const serve = (observed = observe()) =>
    serveExpress(
      express,
      (app, { obs }) => {
        app.post("/parsed/:id", express.json(), (_req, res) => {
          obs.logger.info("parsed");
          res.send("ok");
        });
        app.get("/work/:id", async (req, res) => {
          obs.logger.info({ of: req.params["id"], at: "start" });
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
          await Promise.resolve();
          obs.logger.info({ of: req.params["id"], at: "end" });
          res.send("ok");
        });
      },
      observed,
    );

  test("is the caller's in the response, the access line and the handler's own lines", async () => {
    const service = await serve();
    const answer = await service.ask("/parsed/1", {
      method: "POST",
      headers: { "x-request-id": "abc-1", "content-type": "application/json" },
      body: "{}",
    });
    expect(answer.headers["x-request-id"]).toBe("abc-1");
    await service.settled(1);
    expect(service.lines.map(({ msg, ...line }) => [msg, line["request_id"]])).toEqual([
      ["parsed", "abc-1"],
      ["request completed", "abc-1"],
    ]);
    expect(new Set(service.lines.map((line) => line["trace_id"])).size).toBe(1);
  });

  test.each([
    ["a kilobyte", "x".repeat(1024)],
    ["a tab", "a\tb"],
    ["Latin-1", "\xe9\xff"],
    ["quotes", '"},{"level":"fatal'],
  ])("is a fresh one for a header of %s", async (_what, hostile) => {
    const service = await serve();
    const client = await connectRaw(service.port);
    client.send(head("GET /nothing HTTP/1.1", { Host: "x", "X-Request-Id": hostile }));
    await client.until("404");
    await service.settled(1);
    const id = service.accessLog()[0]?.["request_id"];
    expect(id).toMatch(UUID);
    expect(client.received().toLowerCase()).toContain(`x-request-id: ${id}`);
    expect(client.received()).not.toContain(hostile);
  });

  test("is a fresh one for a header that comes twice", async () => {
    const service = await serve();
    const client = await connectRaw(service.port);
    client.send("GET /nothing HTTP/1.1\r\nHost: x\r\nx-request-id: a\r\nx-request-id: b\r\n\r\n");
    await client.until("404");
    await service.settled(1);
    expect(service.accessLog()[0]?.["request_id"]).toMatch(UUID);
  });

  test("and the trace are each request's own in what its handler logs, 50 at a time", async () => {
    const service = await serve();
    const ids = Array.from({ length: 50 }, (_unused, i) => `id-${i}`);
    await Promise.all(ids.map((id) => service.ask(`/work/${id}`, { headers: { "x-request-id": id } })));
    await service.settled(50);
    const own = service.lines.filter((line) => "of" in line);
    expect(own).toHaveLength(100);
    for (const line of own) expect(line["request_id"]).toBe(line["of"]);
    const traces = new Map(service.accessLog().map((line) => [line["request_id"], line["trace_id"]]));
    expect(new Set(traces.values()).size).toBe(50);
    for (const line of own) expect(line["trace_id"]).toBe(traces.get(line["request_id"]));
  });

  test("comes and goes in the header that is named, or in none", async () => {
    const named = await serve(observe({ http: { requestIdHeader: "X-Correlation-ID" } }));
    const answer = await named.ask("/nothing", {
      headers: { "x-correlation-id": "c-1", "x-request-id": "r-1" },
    });
    expect([answer.headers["x-correlation-id"], answer.headers["x-request-id"]]).toEqual(["c-1", undefined]);
    const none = await serve(observe({ http: { requestIdHeader: "" } }));
    const bare = await none.ask("/nothing", { headers: { "x-request-id": "r-1" } });
    expect(bare.headers["x-request-id"]).toBeUndefined();
    await none.settled(1);
    expect(none.accessLog()[0]?.["request_id"]).toMatch(UUID);
  });

  test("is refused at the edge as the name of a header that cannot be sent", () => {
    expect(() => observe({ http: { requestIdHeader: "bad header\n" } })).toThrow(/http\.requestIdHeader/);
  });

  test("that the service sets itself is the one that is sent", async () => {
    const service = await serveExpress(express, (app) => {
      app.get("/", (_req, res) => void res.set("x-request-id", "own").send("ok"));
    });
    expect((await service.ask("/", { headers: { "x-request-id": "theirs" } })).headers["x-request-id"]).toBe(
      "own",
    );
  });
});
