import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { startProgram } from "./program.js";

const DEMO = "examples/demo/main.mjs";
const ANY_PORTS = { PORT: "0", MANAGEMENT_PORT: "0" };
const DEMO_TIMEOUT_MS = 60_000;

async function listening(server: Server): Promise<number> {
  server.listen(0);
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

it(
  "shows log, metrics, a trace and the health, and ends by itself with 0",
  async () => {
    const demo = startProgram(DEMO, { ...ANY_PORTS, DEMO_SECONDS: "4" });
    expect(await demo.ended()).toBe(0);
    const output = demo.output();
    expect(output).not.toMatch(/undefined|NaN|\[object|Warning/);

    const titles = [...output.matchAll(/^── (.+?) ─+$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      "Access log, 4 s of traffic",
      "Metrics that moved",
      "One request, traced",
      "Health",
    ]);

    for (const row of [
      /method=POST route=\/rooms\/:room\/messages status=201 +\d+$/m,
      /route=__unmatched__ status=404 +\d+$/m,
      /route=\/rooms\/:room\/export status=499 +\d+$/m,
      /route=\/rooms\/:room\/summary status=500 +\d+$/m,
      /route=\/rooms\/:room\/events +1$/m,
      /method=POST route=\/moderation status=200 +\d+ +[\d.]+ ms +[\d.]+ ms$/m,
      /verdict=accepted +\d+$/m,
    ])
      expect(output).toMatch(row);

    const tree = /^ {2}(\S.*)SERVER.*\n {4}(\S.*)CLIENT.*\n {6}(\S.*)SERVER.*\n {4}(\S.*)INTERNAL/m.exec(
      output,
    );
    expect(tree?.slice(1).map((name) => name.trim())).toEqual([
      "POST /rooms/:room/messages",
      "POST",
      "POST /moderation",
      "store message",
    ]);
    expect(output).toMatch(/GET \/health answers 200\n +\{\n +"status": "healthy"/);
    expect(output.trimEnd().split("\n").at(-1)).toMatch(/^Stopped: [1-9]\d* spans handed over/);
  },
  DEMO_TIMEOUT_MS,
);

it(
  "goes on after the report until it is interrupted, answers its URLs meanwhile, and ends with 0",
  async () => {
    const taken = createServer();
    const port = String(await listening(taken));
    const demo = startProgram(DEMO, { PORT: port, MANAGEMENT_PORT: port });
    await demo.printed(/Ctrl-C stops/);
    const urls = [...demo.output().matchAll(/http:\/\/localhost:\d+(?:\/\w+)?/g)].map(([url]) => url);
    const shown = [...new Set(urls)].filter((url) => !url.endsWith(`:${port}`));
    expect(shown.length).toBeGreaterThanOrEqual(4);
    const statuses = await Promise.all(shown.slice(1, 4).map(async (url) => (await fetch(url)).status));
    expect(statuses).toEqual([200, 200, 200]);
    expect(await demo.stop("SIGINT")).toBe(0);
    // The line of a request that was cut may come after it.
    expect(demo.output()).toMatch(/^Stopped: /m);
  },
  DEMO_TIMEOUT_MS,
);

it.each([
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "/v1/traces"],
  ["JAEGER_ENDPOINT", "/api/traces"],
])(
  "sends the spans to %s as well, and says so",
  async (variable, path) => {
    const received = new Set<string | undefined>();
    const collector = createServer((req, res) => {
      received.add(req.url);
      req.resume().on("end", () => res.end());
    });
    const endpoint = `http://localhost:${await listening(collector)}`;
    const demo = startProgram(DEMO, { ...ANY_PORTS, DEMO_SECONDS: "1", [variable]: endpoint });
    expect(await demo.ended()).toBe(0);
    expect([...received]).toEqual([path]);
    expect(demo.output()).toMatch(new RegExp(`spans +(OTLP|Jaeger) at ${endpoint}`));
  },
  DEMO_TIMEOUT_MS,
);
