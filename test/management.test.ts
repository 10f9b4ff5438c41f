import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createObservability, type Observability } from "../src/index.js";

const open: Observability[] = [];
afterEach(() => Promise.all(open.splice(0).map((obs) => obs.close())));

function create() {
  const obs = createObservability({ service: "chat", logging: { level: "silent" } });
  open.push(obs);
  return obs;
}

test("serves the metrics, the health endpoints and an index", async () => {
  const { url } = await create().listen({ port: 0, host: "127.0.0.1" });
  const metrics = await fetch(`${url}/metrics`);
  expect(metrics.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(await metrics.text()).toContain("# TYPE http_requests_total counter");
  for (const path of ["/health", "/ready", "/live", "/startup"])
    expect([path, (await fetch(url + path)).headers.get("cache-control")]).toEqual([path, "no-store"]);
  expect(await (await fetch(url)).text()).toContain("/metrics");
  expect((await fetch(`${url}/other`)).status).toBe(404);
});

test("leaves no trace of its own requests in the metrics", async () => {
  const obs = create();
  const { url } = await obs.listen({ port: 0, host: "127.0.0.1" });
  await (await fetch(`${url}/metrics`)).text();
  await (await fetch(`${url}/health`)).text();
  const text = await (await fetch(`${url}/metrics?name[]=x`)).text();
  expect(text).not.toMatch(/^http_requests_total\{/m);
});

test("says what to do when the port is in use", async () => {
  const { port } = await create().listen({ port: 0, host: "127.0.0.1" });
  await expect(create().listen({ port, host: "127.0.0.1" })).rejects.toMatchObject({
    code: "TELLTALE_LISTEN",
    message: `listen: cannot listen on 127.0.0.1:${port}: it is in use; choose another, or 0 for a free one.`,
  });
});

test("closes with the observability, open keep-alive connections included", async () => {
  const obs = create();
  const { url } = await obs.listen({ port: 0, host: "127.0.0.1" });
  await (await fetch(`${url}/live`)).text();
  await obs.close();
  await expect(fetch(`${url}/live`)).rejects.toThrow();
});

test("closes over a client that never finishes its request", async () => {
  const obs = create();
  const { port } = await obs.listen({ port: 0, host: "127.0.0.1" });
  const client = connect(port, "127.0.0.1");
  const closed = new Promise<void>((resolve) => {
    client.on("error", () => resolve()).on("close", () => resolve());
  });
  await new Promise<void>((resolve) => void client.write("GET /live HTTP/1.1\r\n", () => resolve()));
  await obs.close();
  await closed;
});

test("asks `authorize`, and takes a throw for a no", async () => {
  const { createServer } = await import("node:http");
  const obs = create();
  const handler = obs.metrics.handler({
    authorize: (req) => {
      if (req.headers.authorization === "throw") throw new Error("no");
      return req.headers.authorization === "Bearer x";
    },
  });
  const server = createServer((req, res) => void handler(req, res)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const status = async (authorization?: string, method = "GET") =>
    (await fetch(url, { method, headers: authorization === undefined ? {} : { authorization } })).status;
  expect(await status()).toBe(401);
  expect(await status("throw")).toBe(401);
  expect(await status("Bearer x")).toBe(200);
  expect(await status("Bearer x", "POST")).toBe(405);
  server.close();
});
