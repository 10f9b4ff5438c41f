import { get } from "node:http";
import { describe, expect, test } from "vitest";
import { PATIENCE } from "../support/service.js";
import { type App, buildRegister, runApp } from "./run-app.js";

const { register } = buildRegister();
const REQUEST = ["method", "route", "status"];

const ask = async (url: string): Promise<string> => (await fetch(url)).text();
const requests = (app: App) => app.counts("http_requests_total", REQUEST);

/** Asks and leaves when the first bytes have come. */
function abort(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, (response) =>
      response.once("data", () => {
        request.destroy();
        resolve();
      }),
    );
    request.on("error", reject);
  });
}

describe.each([
  { app: "express.mjs", preload: "--import", template: "/api/users/:id" },
  { app: "fastify.cjs", preload: "--require", template: "/api/users/:id" },
  { app: "fastify.cjs", preload: "--import", template: "/api/users/:id" },
  { app: "bare.cjs", preload: "--require", template: "__unmatched__" },
] as const)("$app under $preload", ({ app: file, preload, template }) => {
  test("has its routes counted, what matches none under one name, and an aborted request once it is gone", async () => {
    const app = await runApp(register, file, { preload });
    for (const id of ["1", "2"]) await ask(`${app.url}/api/users/${id}`);
    await ask(`${app.url}/missing`);
    await abort(`${app.url}/hang`);
    const hang = file === "bare.cjs" ? "__unmatched__" : "/hang";
    const expected: Record<string, number> = { [`GET ${template} 200`]: 2, "GET __unmatched__ 404": 1 };
    expected[`GET ${hang} 499`] = (expected[`GET ${hang} 499`] ?? 0) + 1;
    await expect.poll(() => requests(app), PATIENCE).toEqual(expected);
    expect(await app.counts("http_requests_in_flight", ["method"])).toEqual({ GET: 0 });
  });

  test("answers health on the management port, is not counted for it, and ends by itself", async () => {
    const app = await runApp(register, file, { preload });
    const management = await app.management();
    for (const path of ["/", "/health", "/nowhere", "/metrics"]) await ask(management + path);
    expect(JSON.parse(await ask(`${management}/live`))).toMatchObject({ status: "healthy" });
    expect(await requests(app)).toEqual({});
    await ask(`${app.url}/stop`);
    expect(await app.ended()).toBe(0);
  });

  test("gives each request a trace and a line of its own, over one connection as well", async () => {
    const app = await runApp(register, file, { preload });
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push(JSON.parse(await ask(`${app.url}/ids`)).trace);
    expect(ids).toEqual([expect.stringMatching(/^\w{32}$/), expect.any(String), expect.any(String)]);
    expect(new Set(ids).size).toBe(3);
    const logged = () => app.lines().filter((line) => line["event"] === "http_request");
    await expect.poll(() => logged().map((line) => line["trace_id"]), PATIENCE).toEqual(ids);
  });
});

test("what an Express or Fastify handler throws is in the access line", async () => {
  for (const file of ["express.mjs", "fastify.cjs"]) {
    const app = await runApp(register, file);
    await ask(`${app.url}/boom`);
    await expect
      .poll(() => app.lines().find((line) => line["status"] === 500), PATIENCE)
      .toMatchObject({ route: "/boom", err: { type: "TypeError", message: "boom" } });
  }
});

test("a trace goes on in a second process that fetch calls", async () => {
  // Only what is exported is sent on; nobody has to be there.
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" };
  const first = await runApp(register, "express.mjs", { env });
  const second = await runApp(register, "bare.cjs");
  const { own, other } = JSON.parse(await ask(`${first.url}/forward?to=${second.url}`));
  expect(own).toMatch(/^\w{32}$/);
  expect(other).toBe(own);
  expect(await first.counts("http_client_requests_total", ["status"])).toEqual({ "200": 1 });
});

test("the application's own pino lines can ask @opentelemetry/api for the trace id", async () => {
  const app = await runApp(register, "express.mjs");
  await ask(`${app.url}/api/users/1`);
  await expect
    .poll(() => app.lines().filter((line) => line["event"] === "http_request").length, PATIENCE)
    .toBe(1);
  const access = app.lines().find((line) => line["event"] === "http_request");
  const own = app.lines().find((line) => line["mine"] === true);
  expect(own?.["otel"]).toBe(access?.["trace_id"]);
});
