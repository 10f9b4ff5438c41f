import { once } from "node:events";
import { connect } from "node:net";
import express from "express";
import { fastify } from "fastify";
import { Pool } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { find, type Sample, table, value } from "../support/exposition.js";
import { listenExpress } from "../support/express.js";
import { head } from "../support/raw-client.js";
import { type Observed, observe } from "../support/service.js";

const CONNECTIONS = 50;
const REQUESTS = 20_000;
const ABORTS = 200;

/** What is asked for in turn, and what it is counted as. */
const PLAN = [
  ["GET", "/users/7", "/users/:id 200"],
  ["GET", "/api/acme/items/9?page=2", "/api/:tenant/items/:item 200"],
  ["POST", "/users/7", "/users/:id 201"],
  ["GET", "/missing/7", "/missing/:id 404"],
  ["GET", "/scan/1.php", "__unmatched__ 404"],
  ["GET", "/boom/7", "/boom/:id 500"],
  ["GET", "/late/7", "/late/:id 200"],
  ["HEAD", "/users/7", "/users/:id 200"],
] as const;

/** How many requests have arrived that are never answered. */
interface Hanging {
  count: number;
}

async function serveExpressLoad(observed: Observed, hanging: Hanging): Promise<number> {
  const app = express();
  app.use(observed.obs.express());
  const api = express.Router({ mergeParams: true });
  api.get("/items/:item", (_req, res) => void res.json({ of: "item" }));
  app.use("/api/:tenant", api);
  app.get("/users/:id", (_req, res) => void res.json({ of: "user" }));
  app.post(
    "/users/:id",
    express.text({ type: () => true }),
    (_req, res) => void res.status(201).send("made"),
  );
  app.get("/missing/:id", (_req, res) => void res.status(404).send("none"));
  app.get("/boom/:id", () => {
    throw new Error("boom");
  });
  app.get("/late/:id", (_req, res) => void setTimeout(() => res.send("late"), 1));
  app.get("/hang/:id", () => void hanging.count++);
  return (await listenExpress(app, observed)).port;
}

async function serveFastifyLoad(observed: Observed, hanging: Hanging): Promise<number> {
  const app = fastify();
  await app.register(observed.obs.fastify);
  app.get("/api/:tenant/items/:item", () => ({ of: "item" }));
  app.get("/users/:id", () => ({ of: "user" }));
  app.post("/users/:id", (_request, reply) => void reply.code(201).send("made"));
  app.get("/missing/:id", (_request, reply) => void reply.code(404).send("none"));
  app.get("/boom/:id", () => {
    throw new Error("boom");
  });
  app.get("/late/:id", (_request, reply) => void setTimeout(() => void reply.send("late"), 1));
  app.get("/hang/:id", async () => {
    hanging.count++;
    await new Promise(() => undefined);
  });
  onTestFinished(async () => {
    app.server.closeAllConnections();
    await app.close();
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as { port: number }).port;
}

/** Sends the plan round and round over all connections. */
async function sendPlan(port: number): Promise<Record<string, number>> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS });
  const sent: Record<string, number> = {};
  let next = 0;
  async function work(): Promise<void> {
    for (let i = next++; i < REQUESTS; i = next++) {
      const [method, path, counted] = PLAN[i % PLAN.length] as (typeof PLAN)[number];
      const body = method === "POST" ? "x".repeat(10) : null;
      const answer = await pool.request({ method, path, body, headers: { "content-type": "text/plain" } });
      await answer.body.dump();
      const key = `${method} ${counted}`;
      expect([key, answer.statusCode]).toEqual([key, Number(counted.split(" ")[1])]);
      sent[key] = (sent[key] ?? 0) + 1;
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, () => work()));
  await pool.close();
  return sent;
}

/** Asks for what never comes and hangs up once it has arrived, by goodbye and by reset in turn. */
async function sendAborts(port: number, hanging: Hanging): Promise<void> {
  const batch = 20;
  for (let sent = batch; sent <= ABORTS; sent += batch) {
    const sockets = Array.from({ length: batch }, () =>
      connect(port, "127.0.0.1").on("error", () => undefined),
    );
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    for (const socket of sockets) socket.write(head("GET /hang/7 HTTP/1.1"));
    await expect.poll(() => hanging.count, { timeout: 60_000 }).toBe(sent);
    for (const [at, socket] of sockets.entries()) at % 2 === 0 ? socket.end() : socket.resetAndDestroy();
  }
}

const sum = (samples: readonly Sample[], name: string) => value(samples, name) ?? 0;

describe.each([
  ["Express 5", serveExpressLoad],
  ["Fastify 5", serveFastifyLoad],
])("under load, %s", (_, serve) => {
  test("counts every request exactly once in every signal, and none is left in flight", async () => {
    const observed = observe();
    const hanging = { count: 0 };
    const port = await serve(observed, hanging);
    const [sent] = await Promise.all([sendPlan(port), sendAborts(port, hanging)]);
    const total = REQUESTS + ABORTS;
    expect(await observed.settled(total)).toEqual({ ...sent, "GET /hang/:id 499": ABORTS });

    const samples = await observed.samples();
    for (const family of [
      "http_request_duration_seconds",
      "http_request_size_bytes",
      "http_response_size_bytes",
    ])
      expect([family, sum(samples, `${family}_count`)]).toEqual([family, total]);
    expect(sum(samples, "http_time_to_headers_seconds_count")).toBe(REQUESTS);
    expect(sum(samples, "http_request_size_bytes_sum")).toBe((REQUESTS / PLAN.length) * 10);
    expect(table(samples, "http_requests_aborted_total", ["route", "phase"])).toEqual({
      "/hang/:id before_headers": ABORTS,
    });
    expect(find(samples, "http_requests_in_flight").map((sample) => sample.value)).toEqual([0, 0, 0]);
    expect(find(samples, "telltale_errors_total")).toEqual([]);

    expect(observed.accessLog()).toHaveLength(total);
    expect(new Set(observed.accessLog().map((line) => line["request_id"])).size).toBe(total);
    expect(observed.spans).toHaveLength(total);
    expect(new Set(observed.spans.map((span) => span.spanContext().traceId)).size).toBe(total);
  }, 120_000);
});
