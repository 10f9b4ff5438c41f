import { execFile } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { healthcheck } from "../../src/cli/healthcheck.js";
import { listen } from "../support/service.js";

interface Ran {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

async function run(...args: string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  return { code: await healthcheck.run(args, output), out, err };
}

const serve = async (listener: RequestListener): Promise<string> =>
  (await listen(createServer(listener))).url;
const answering = (status: number, body: unknown = {}): Promise<string> =>
  serve((_req, res) => void res.writeHead(status, { location: "/elsewhere" }).end(JSON.stringify(body)));

describe("telltale healthcheck", () => {
  it.each([200, 204, 302])("passes what answers %i", async (status) => {
    expect(await run(await answering(status))).toEqual({
      code: 0,
      out: [`healthy: status ${status}`],
      err: [],
    });
  });

  it.each([400, 404, 500, 503])("fails what answers %i, with 1 and no other code", async (status) => {
    expect(await run(await answering(status))).toMatchObject({
      code: 1,
      err: [`unhealthy: status ${status}`],
    });
  });

  it("names the state and the unhealthy checks with their reasons", async () => {
    const body = {
      status: "unhealthy",
      state: "draining",
      checks: {
        db: { status: "unhealthy", reason: "timeout" },
        disk: { status: "healthy" },
        queue: { status: "unhealthy" },
      },
    };
    const { err } = await run(await answering(503, body));
    expect(err).toEqual([
      "unhealthy: status 503; state draining; db is unhealthy (timeout); queue is unhealthy",
    ]);
  });

  it.each(["null", "[1]", '{"checks":7}', '{"checks":{"a":null}}', "<html>", ""])(
    "takes the body %j for one without reasons",
    async (body) => {
      const url = await serve((_req, res) => void res.writeHead(503).end(body));
      expect(await run(url)).toMatchObject({ code: 1, err: ["unhealthy: status 503"] });
    },
  );

  it("asks for the path and query that it was given", async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((req, res) => {
      asked.push(req.url);
      res.end();
    });
    await run(`${url}/ready?verbose=1`);
    expect(asked).toEqual(["/ready?verbose=1"]);
  });

  it("fails where nobody listens, and says so", async () => {
    const server = createTcpServer();
    const { url } = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { code, err } = await run(url);
    expect(code).toBe(1);
    expect(err[0]).toContain("ECONNREFUSED");
  });

  it.each<[string, RequestListener]>([
    ["never answers", () => undefined],
    ["never ends its answer", (_req, res) => void res.writeHead(200).write("{")],
  ])("gives up on what %s", async (_title, listener) => {
    const { code, err } = await run("--timeout", "50", await serve(listener));
    expect([code, err]).toEqual([1, ["unhealthy: no answer within 50 ms"]]);
  });

  it("prints nothing with --quiet", async () => {
    expect(await run("--quiet", await answering(503))).toEqual({ code: 1, out: [], err: [] });
  });

  it.each<[string[], string]>([
    [[], "expected one URL, got 0; for example http://localhost:9464/live"],
    [["http://a", "http://b"], "expected one URL, got 2; for example http://localhost:9464/live"],
    [["localhost:9464"], 'expected a URL with http:// or https://, got "localhost:9464"'],
    [
      ["--timeout", "soon", "http://a"],
      '--timeout: expected a whole number of at least 1 (milliseconds), got "soon"',
    ],
  ])("refuses the arguments %j", async (args, complaint) => {
    await expect(run(...args)).rejects.toThrow(complaint);
  });
});

describe("the program", () => {
  const program = join(import.meta.dirname, "..", "..", "dist", "cli.js");
  const start = (...args: string[]): Promise<{ code: number; text: string }> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [program, ...args], (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, text: stdout + stderr }),
      );
    });

  it("exits with 0 or 1", { timeout: 30_000 }, async () => {
    expect(await start("healthcheck", await answering(200))).toEqual({
      code: 0,
      text: "healthy: status 200\n",
    });
    expect(await start("healthcheck", await answering(503))).toEqual({
      code: 1,
      text: "unhealthy: status 503\n",
    });
    expect((await start("healthcheck", "--no-such-option")).code).toBe(1);
  });
});
