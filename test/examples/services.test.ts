import { beforeEach, describe, expect, it } from "vitest";
import { parseExposition, table } from "../support/exposition.js";
import { type Program, startProgram } from "./program.js";

// The three services are alike but for where their metrics are.
describe.each(["express", "fastify", "node-http"])("examples/%s", (name) => {
  let program: Program;
  let url = "";
  let metricsUrl = "";

  beforeEach(async () => {
    program = startProgram(`examples/${name}/index.mjs`, { PORT: "0", MANAGEMENT_PORT: "0" });
    const [line, found = ""] = await program.printed(/listening on (http:\/\/localhost:\d+).*\n/);
    url = found;
    metricsUrl = `${/management on (\S+)/.exec(line)?.[1] ?? url}/metrics`;
  });

  async function status(path: string): Promise<number> {
    const response = await fetch(url + path, { headers: { connection: "close" } });
    await response.arrayBuffer();
    return response.status;
  }

  it("answers its curl lines, and counts each under its route", async () => {
    const user = await fetch(`${url}/users/7`, { headers: { "x-request-id": "curl-1" } });
    expect([user.status, user.headers.get("x-request-id")]).toEqual([200, "curl-1"]);
    expect(await user.json()).toEqual({ id: 7, name: "Ada" });
    expect(await status("/orders")).toBe(500);
    expect(await status("/no/such/path")).toBe(404);
    expect(await status("/ready")).toBe(200);
    const samples = parseExposition(await (await fetch(metricsUrl)).text());
    expect(table(samples, "http_requests_total", ["method", "route", "status"])).toEqual({
      "GET /users/:id 200": 1,
      "GET /orders 500": 1,
      "GET __unmatched__ 404": 1,
    });
    expect(table(samples, "user_lookups_total", ["result"])).toEqual({ found: 1 });
  });

  it("logs the request and what happens in it with one trace id and one request id", async () => {
    await fetch(`${url}/users/7`, { headers: { "x-request-id": "curl-2" } });
    await program.printed(/"event":"http_request".*\n/);
    const lines = program
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const [inside, access] = lines.map((line) => JSON.parse(line));
    expect(inside).toMatchObject({ component: "users", msg: "user looked up", request_id: "curl-2" });
    expect(access).toMatchObject({ event: "http_request", request_id: "curl-2", trace_id: inside.trace_id });
    expect(access).toMatchObject({ method: "GET", route: "/users/:id", status: 200, outcome: "ok" });
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends with 0 on %s, after it has answered", async (signal) => {
    expect(await status("/users/7")).toBe(200);
    expect(await program.stop(signal)).toBe(0);
    expect(program.output()).toContain('"route":"/users/:id"');
  });
});
