import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { listen, PATIENCE } from "../support/service.js";
import { type App, buildRegister, runApp } from "./run-app.js";

const { register, main } = buildRegister();

const ask = async (url: string): Promise<string> => (await fetch(url)).text();
const status = (app: App) => app.counts("http_requests_total", ["status"]);

async function serviceOf(app: App): Promise<string | undefined> {
  const text = await ask(`${await app.management()}/metrics`);
  return /service="([^"]*)"/.exec(text)?.[1];
}

describe("the service", () => {
  test("is named by the environment, else by the package of the app", async () => {
    expect(await serviceOf(await runApp(register, "bare.cjs"))).toBe("telltale");
    const env = { OTEL_SERVICE_NAME: "shop" };
    expect(await serviceOf(await runApp(register, "bare.cjs", { env }))).toBe("shop");
  });

  test("reads its options from the environment", async () => {
    const env = { TELLTALE_HTTP_EXCLUDE: "/quiet", TELLTALE_HTTP_ACCESS_LOG: "false", TELLTALE_PREFIX: "x_" };
    const app = await runApp(register, "bare.cjs", { env });
    await ask(`${app.url}/quiet`);
    await ask(`${app.url}/loud`);
    await expect.poll(() => app.counts("x_http_requests_total", ["status"]), PATIENCE).toEqual({ "200": 1 });
    expect(app.lines().filter((line) => line["event"] === "http_request")).toEqual([]);
  });

  test("hands no context on from a request to an excluded one on the same connection", async () => {
    const app = await runApp(register, "bare.cjs", { env: { TELLTALE_HTTP_EXCLUDE: "/quiet" } });
    expect(JSON.parse(await ask(`${app.url}/loud`)).trace).toMatch(/^\w{32}$/);
    expect(JSON.parse(await ask(`${app.url}/quiet`)).trace).toBeNull();
  });
});

describe("an option that is wrong", () => {
  test("is told in one line, and the app runs and ends as without", async () => {
    const app = await runApp(register, "bare.cjs", { env: { TELLTALE_HTTP_STREAM_AFTER_MS: "soon" } });
    expect(await ask(`${app.url}/`)).toContain("trace");
    await ask(`${app.url}/stop`);
    expect(await app.ended()).toBe(0);
    expect(app.printed().match(/telltale\/register: .*\n/g)).toEqual([
      expect.stringMatching(/TELLTALE_HTTP_STREAM_AFTER_MS.*"soon".*runs unobserved/),
    ]);
  });

  test("does not change the exit code of an app that fails", async () => {
    const app = await runApp(register, "fails.cjs", { env: { TELLTALE_PORT: "http" } });
    expect(await app.ended()).toBe(3);
  });
});

describe("the management port", () => {
  test("when taken is told once, and the app goes on", async () => {
    const { port } = await listen(createServer());
    const app = await runApp(register, "bare.cjs", { env: { TELLTALE_PORT: String(port) } });
    await ask(`${app.url}/`);
    const told = () => app.lines().filter((line) => String(line["msg"]).includes(`127.0.0.1:${port}`));
    await expect.poll(() => told().length, PATIENCE).toBe(1);
    expect(await ask(`${app.url}/`)).toContain("trace");
  });

  test("of a cluster is one, and answers for the workers", async () => {
    const app = await runApp(register, "cluster.cjs");
    const pids = () => app.lines().flatMap((line) => line["pid"] ?? []);
    await expect
      .poll(
        () =>
          new Set(
            app
              .lines()
              .filter((line) => "port" in line)
              .map((line) => line["pid"]),
          ).size,
        PATIENCE,
      )
      .toBe(2);
    expect(pids().length).toBeGreaterThan(1);
    const answered = new Set<string>();
    let count = 0;
    while (answered.size < 2 && count++ < 50) answered.add(await ask(app.url));
    expect(answered.size).toBe(2);
    await expect.poll(() => status(app), PATIENCE).toEqual({ "200": count });
    expect(app.printed()).not.toMatch(/cannot listen/);
  });

  test("of a process with threads is the main thread's, and answers for the others", async () => {
    const app = await runApp(register, "threads.cjs");
    const threads = () => app.lines().filter((line) => "threadPort" in line);
    await expect.poll(() => threads().length, PATIENCE).toBe(1);
    await ask(`http://127.0.0.1:${threads()[0]?.["threadPort"]}/`);
    await ask(app.url);
    await expect.poll(() => status(app), PATIENCE).toEqual({ "200": 2 });
    await ask(`http://127.0.0.1:${threads()[0]?.["threadPort"]}/stop`);
    await ask(`${app.url}/stop`);
    expect(await app.ended()).toBe(0);
  });
});

describe.each(["early", "late"])("an app that calls createObservability() %s", (when) => {
  test("is observed by that alone, and has the management port", async () => {
    const env = { TELLTALE_PORT: String(await freePort()) };
    const app = await runApp(register, "own.cjs", { env, args: [main, when] });
    await ask(app.url);
    await expect.poll(() => status(app), PATIENCE).toEqual({ "200": 1 });
    expect(await ask(`${app.lines().findLast((line) => "port" in line)?.["url"]}/metrics`)).toContain(
      'service="own"',
    );
    const logged = app.lines().filter((line) => line["event"] === "http_request");
    expect(logged).toEqual([]);
  });
});

test("signals and failures of the process go where they went without", async () => {
  const counts = async (preload: "--import" | "none") => {
    const app = await runApp(register, "signals.cjs", { preload });
    return app.lines().find((line) => "counts" in line)?.["counts"];
  };
  expect(await counts("--import")).toEqual(await counts("none"));
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const app = await runApp(register, "signals.cjs");
    app.child.kill(signal);
    await app.ended();
    expect(app.child.signalCode).toBe(signal);
  }
});

test("a span that waits for its batch is sent before a program ends by itself", async () => {
  const posts: string[] = [];
  const { url } = await listen(
    createServer((req, res) => {
      posts.push(String(req.url));
      req.resume().on("end", () => res.end());
    }),
  );
  const app = await runApp(register, "bare.cjs", { env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } });
  await ask(`${app.url}/stop`);
  expect(await app.ended()).toBe(0);
  expect(posts).toEqual(["/v1/traces"]);
});

test("loaded twice it observes once", async () => {
  const app = await runApp(register, "bare.cjs", { flags: ["--require", register] });
  await ask(`${app.url}/`);
  await expect.poll(() => status(app), PATIENCE).toEqual({ "200": 1 });
  expect(app.lines().filter((line) => "url" in line && !("event" in line)).length).toBe(1);
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
