import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { isObservabilityError } from "../../../src/errors.js";
import { listen } from "../../support/service.js";
import { type Compiled, compile } from "../compiled.js";
import { createHouse, type FakeHouse } from "../fakes.js";

const PATIENT = { timeout: 30_000 };

/** Appends what it gets to a file; ends its thread, throws, or hangs when it reads so. */
const TRANSPORT = `
const { appendFileSync } = require("node:fs");
const { Writable } = require("node:stream");
module.exports = ({ path }) => new Writable({
  decodeStrings: false,
  write(chunk, _encoding, done) {
    appendFileSync(path, chunk);
    if (chunk.includes("throw!")) throw new Error("told to");
    if (chunk.includes("exit!")) process.exit(3);
    if (chunk.includes("error!")) return done(new Error("told to"));
    if (!chunk.includes("hang!")) done();
  },
});`;

let dir = "";
let target = "";
let path = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "telltale-transport-"));
  target = join(dir, "transport.cjs");
  path = join(dir, "app.log");
  writeFileSync(target, TRANSPORT);
  writeFileSync(path, "");
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const written = (): Record<string, unknown>[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const texts = (): unknown[] => written().map(({ msg }) => msg);

function openHouse(sink: object = { target, options: { path } }) {
  const dropped: string[] = [];
  const told: string[] = [];
  const house: FakeHouse = createHouse(
    { sinks: [{ to: "transport", ...sink } as never] },
    {
      dropped: (name, reason, lines) => void dropped.push(`${name} ${reason} ${lines}`),
      tell: (text) => void told.push(text),
    },
  );
  onTestFinished(() => house.close());
  return { house, dropped, told };
}

function complaintOf(sink: object): string {
  try {
    openHouse(sink);
  } catch (error) {
    if (isObservabilityError(error)) return error.message;
  }
  return "nothing thrown";
}

describe("a transport", () => {
  it("gets the lines in order with pino's own level and time, and closes what it was given", async () => {
    const { house, dropped } = openHouse();
    house.logger.info({ a: 1 }, "one");
    await expect.poll(texts, PATIENT).toEqual(["one"]);
    house.logger.error("two");
    house.logger.warn("three");
    await house.close();
    house.logger.info("four");
    expect(texts()).toEqual(["one", "two", "three"]);
    expect(written().map(({ level, time }) => [level, typeof time])).toEqual([
      [30, "number"],
      [50, "number"],
      [40, "number"],
    ]);
    expect(written()[0]).toMatchObject({ service: "chat", a: 1 });
    expect(dropped).toEqual(["transport closed 1"]);
  });

  it.each(["throw!", "exit!", "error!"])(
    "that fails (%s) costs its batch and is started again",
    async (how) => {
      const { house, dropped, told } = openHouse();
      house.logger.info("before");
      await expect.poll(texts, PATIENT).toEqual(["before"]);
      house.logger.info(how);
      await expect.poll(() => dropped, PATIENT).toEqual(["transport worker_down 1"]);
      house.logger.info("meanwhile");
      await expect.poll(texts, PATIENT).toContain("meanwhile");
      expect(told[0]).toMatch(/^log output transport: .*\(1 lines lost\)$/);
      await house.close();
      expect(dropped).toEqual(["transport worker_down 1"]);
    },
  );

  it("that hangs costs the lines that wait, bounded, and holds up no close", async () => {
    const { house, dropped } = openHouse();
    house.logger.info("hang!");
    await expect.poll(texts, PATIENT).toEqual(["hang!"]);
    const text = "x".repeat(512 * 1024);
    for (let i = 0; i < 20; i++) house.logger.info(text);
    expect(dropped.every((drop) => drop === "transport buffer_full 1")).toBe(true);
    const full = dropped.length;
    expect(full).toBeGreaterThanOrEqual(4);
    await house.close();
    // The first is in the transport's own buffer: it knows of that one alone.
    expect(dropped.slice(full)).toEqual([`transport closed ${20 - full}`]);
  });

  it("that cannot be started loses nothing but what is left at the end, and is told of", async () => {
    writeFileSync(target, "throw new Error('broken module')");
    const { house, dropped, told } = openHouse();
    house.logger.info("x");
    await expect.poll(() => told.join(), PATIENT).toContain("broken module");
    await house.close();
    expect(dropped.filter((drop) => drop.endsWith(" 1"))).toEqual(["transport worker_down 1"]);
  });

  it("is complained about where it cannot be found, or its options cannot be sent", () => {
    expect(complaintOf({ target: "pino-nothing" })).toBe(
      'logging.sinks[0].target: found "pino-nothing", expected a module that is installed, or the path of one',
    );
    expect(complaintOf({ target, options: { parse: () => 1 } })).toMatch(
      /^logging\.sinks\[0\]\.options: found object, expected an object that can be sent/,
    );
  });
});

/** A receiver, and the bodies that it was sent. */
async function receive() {
  const requests: { url: string | undefined; body: string }[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      requests.push({ url: req.url, body: Buffer.concat(chunks).toString("latin1") });
      res.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  return { ...(await listen(server)), requests };
}

describe("a transport of the world's", () => {
  it("such as pino-loki sends its lines with times that are numbers", async () => {
    const { url, requests } = await receive();
    const { house } = openHouse({ target: "pino-loki", options: { host: url, batching: false } });
    house.logger.warn("to loki");
    await expect.poll(() => requests.length, PATIENT).toBe(1);
    expect(requests[0]?.url).toBe("/loki/api/v1/push");
    const { streams } = JSON.parse(requests[0]?.body ?? "") as {
      streams: { stream: object; values: [string, string][] }[];
    };
    expect(streams[0]?.stream).toMatchObject({ level: "warning" });
    expect(streams[0]?.values[0]?.[0]).toMatch(/^\d{19}$/);
    expect(streams[0]?.values[0]?.[1]).toContain("to loki");
  });

  it("such as pino-opentelemetry-transport is told what it asks of pino", async () => {
    const { url, requests } = await receive();
    const exporterOptions = { protocol: "http", httpExporterOptions: { url: `${url}/v1/logs` } };
    const { house } = openHouse({
      target: "pino-opentelemetry-transport",
      options: {
        resourceAttributes: { "service.name": "chat" },
        logRecordProcessorOptions: [{ recordProcessorType: "simple", exporterOptions }],
      },
    });
    house.logger.warn({ a: 1 }, "to a collector");
    await expect.poll(() => requests.length, PATIENT).toBe(1);
    expect(requests[0]?.body).toContain("to a collector");
    expect(requests[0]?.body).toMatch(/"severityText":"WARN"/i);
  });
});

describe("a process with a transport", () => {
  let compiled: Compiled;
  beforeAll(() => {
    compiled = compile();
  });
  afterAll(() => {
    compiled.remove();
  });
  const program = (rest: string): string =>
    `const { logger } = make({ sinks: [{ to: "transport", target: ${JSON.stringify(target)}, options: { path: ${JSON.stringify(path)} } }] }); ${rest}`;

  it.each([
    ["runs out of work", ""],
    ["calls process.exit()", "process.exit(0);"],
    ["is told to end", 'process.stderr.write("up"); setInterval(() => {}, 1000);'],
  ])("that %s writes its last lines", async (_how, rest) => {
    const ended = await compiled.run(program(`logger.info("one"); logger.info("two"); ${rest}`), {
      signal: "SIGTERM",
    });
    expect(texts()).toEqual(["one", "two"]);
    expect(ended.code ?? ended.signal).toBe(rest.includes("stderr") ? "SIGTERM" : 0);
  });

  it("that hangs ends all the same, and says so", async () => {
    const ended = await compiled.run(
      program(`process.on("exit", () => process.stderr.write(notes.join()));
        logger.info("hang!"); setTimeout(() => logger.info("more"), 500).unref(); setTimeout(() => {}, 1000);`),
    );
    expect([ended.code, ended.stderr]).toEqual([
      0,
      "log log output transport: the transport did not close within 2000 ms; what it held is lost (0 lines lost)",
    ]);
  });
});
