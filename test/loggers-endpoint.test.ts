import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createObservability, type Observability } from "../src/index.js";

const KEY = { "x-key": "k" };
const JSON_TYPE = { ...KEY, "content-type": "application/json" };

async function open(
  authorize: unknown = ({ headers }: IncomingMessage) => headers["x-key"] === "k",
): Promise<{ obs: Observability; url: string; lines: string[] }> {
  const lines: string[] = [];
  const obs = createObservability({
    service: "chat",
    logging: { level: "info", levels: { db: "warn" }, destination: { write: (line) => lines.push(line) } },
    tracing: false,
  });
  onTestFinished(() => obs.close());
  const { url } = await obs.listen({ port: 0, host: "127.0.0.1", authorize: authorize as never });
  return { obs, url, lines };
}

async function ask(url: string, init: RequestInit = {}): Promise<[number, unknown]> {
  const res = await fetch(url, { headers: JSON_TYPE, ...init });
  const text = await res.text();
  return [res.status, text === "" ? undefined : JSON.parse(text)];
}

it("shows the levels of the service and its components", async () => {
  const { url } = await open();
  const [status, body] = await ask(`${url}/loggers?x=1`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    levels: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
    loggers: {
      root: { configuredLevel: "info", effectiveLevel: "info" },
      db: { configuredLevel: "warn", effectiveLevel: "warn" },
      http: { configuredLevel: null, effectiveLevel: "info" },
    },
  });
});

it("sets a level by POST and PUT, in Spring's words too, for a time, and takes it back", async () => {
  const { obs, url, lines } = await open();
  const set = (name: string, method: string, body: object): Promise<[number, unknown]> =>
    ask(`${url}/loggers/${name}`, { method, body: JSON.stringify(body) });
  const level = (name: string): string => obs.logger.component(name).level;
  expect(await set("db", "POST", { level: "debug" })).toEqual([
    200,
    { configuredLevel: "debug", effectiveLevel: "debug" },
  ]);
  expect(level("db")).toBe("debug");
  expect(lines.join("")).toContain('"component":"telltale","logger":"db","to":"debug","msg":"log level set"');
  await set("db", "PUT", { configuredLevel: "ERROR" });
  expect(level("db")).toBe("error");
  expect(await set("db", "PUT", { level: null })).toEqual([
    200,
    { configuredLevel: null, effectiveLevel: "info" },
  ]);
  expect(await set("root", "POST", { level: "debug", forMs: 60_000 })).toEqual([
    200,
    { configuredLevel: "debug", effectiveLevel: "debug", until: expect.any(String) },
  ]);
  expect([obs.logger.level, level("db")]).toEqual(["debug", "debug"]);
});

it("answers for a component that is not there as for one that follows the service's logger", async () => {
  const { obs, url } = await open();
  obs.logger.component("known");
  const known = await ask(`${url}/loggers/known`);
  for (const name of ["unknown", "__proto__", "a%20b"])
    expect(await ask(`${url}/loggers/${name}`)).toEqual(known);
  expect(await ask(`${url}/loggers/later`, { method: "POST", body: '{"level":"trace"}' })).toEqual([
    200,
    { configuredLevel: "trace", effectiveLevel: "trace" },
  ]);
  expect(obs.logger.component("later").level).toBe("trace");
});

it.each<[string, string, RequestInit, number, string]>([
  ["no JSON", "db", { body: "level=debug" }, 400, "expected a JSON body"],
  ["no object", "db", { body: '"debug"' }, 400, "level: expected one of trace, debug"],
  ["no level", "db", { body: "{}" }, 400, "or null to take it back"],
  ["a level that is none", "db", { body: '{"level":"loud"}' }, 400, "level: expected one of"],
  ["a time that is none", "db", { body: '{"level":"info","forMs":-1}' }, 400, "forMs: expected a number"],
  ["a name that is none", "a%20b", { body: '{"level":"info"}' }, 400, "expected a component of 1 to 128"],
  ["a path that cannot be decoded", "%", { body: '{"level":"info"}' }, 400, "percent-encoded"],
  [
    "a form",
    "db",
    { body: "{}", headers: { ...KEY, "content-type": "text/plain" } },
    415,
    "application/json",
  ],
  ["a body without end", "db", { body: " ".repeat(1e6) }, 413, "at most 4096 bytes"],
  ["another method", "db", { method: "DELETE" }, 405, "GET, HEAD, POST, PUT"],
  ["a write to all", "", { body: "{}" }, 405, "GET, HEAD"],
])("refuses %s and says what it expects", async (_, name, init, status, message) => {
  const { obs, url } = await open();
  const before = obs.logger.componentLevels();
  const [found, body] = await ask(`${url}/loggers/${name}`, { method: "POST", ...init });
  expect([found, (body as { error: string }).error]).toEqual([status, expect.stringContaining(message)]);
  expect(obs.logger.componentLevels()).toEqual(before);
});

it("tells a stranger nothing, whatever is asked, and changes nothing", async () => {
  const { obs, url } = await open();
  const stranger = { "content-type": "application/json" };
  for (const path of ["/loggers", "/loggers/db", "/loggers/unknown", "/loggers/%"])
    for (const method of ["GET", "POST", "DELETE"])
      expect(
        await ask(url + path, {
          method,
          headers: stranger,
          ...(method === "POST" ? { body: '{"level":"debug"}' } : {}),
        }),
      ).toEqual([403, { error: "not authorized" }]);
  expect(obs.logger.component("db").level).toBe("warn");
});

it.each<[string, unknown]>([
  [
    "throws",
    () => {
      throw new Error("broken");
    },
  ],
  ["rejects", () => Promise.reject(new Error("broken"))],
  ["answers what is no boolean", () => "yes"],
])("takes an authorize that %s for a no", async (_, authorize) => {
  const { url } = await open(authorize);
  expect(await ask(`${url}/loggers`)).toEqual([403, { error: "not authorized" }]);
});

it("does not exist without authorize", async () => {
  const { obs } = await open();
  const { url } = await obs.listen({ port: 0, host: "127.0.0.1" });
  expect((await fetch(`${url}/loggers`, { headers: KEY })).status).toBe(404);
  expect((await fetch(`${url}/loggers/db`, { method: "POST", headers: JSON_TYPE, body: "{}" })).status).toBe(
    404,
  );
});

it("refuses an authorize that is no function when it is told to listen", async () => {
  await expect(open("secret")).rejects.toMatchObject({ code: "TELLTALE_OPTION" });
});

it("leaves other paths alone, and survives a client that leaves within its body", async () => {
  const { url } = await open();
  expect((await fetch(`${url}/loggersx`, { headers: KEY })).status).toBe(404);
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(
    "POST /loggers/db HTTP/1.1\r\nHost: a\r\nX-Key: k\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
  );
  socket.destroy();
  expect((await ask(`${url}/loggers`))[0]).toBe(200);
});
