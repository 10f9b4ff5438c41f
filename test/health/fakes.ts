import { createServer, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHealth, type Health, type HealthSettings } from "../../src/health/index.js";

export interface Line {
  level: "info" | "warn";
  fields: Record<string, unknown>;
  message: string;
}

export interface FakeHouse {
  health: Health;
  lines: Line[];
  served: object[];
  clock: { ms: number };
}

/** A started health with a clock and a log of its own. */
export function createHouse(settings: Partial<HealthSettings> = {}): FakeHouse {
  const lines: Line[] = [];
  const served: object[] = [];
  const clock = { ms: 0 };
  const write = (level: Line["level"]) => (fields: object, message: string) =>
    void lines.push({ level, fields: { ...fields }, message });
  const health = createHealth(
    { service: "chat", basePath: "", timeoutMs: 2000, ...settings },
    {
      log: { info: write("info"), warn: write("warn") },
      onServe: (req) => void served.push(req),
      now: () => clock.ms,
    },
  );
  return { health, lines, served, clock };
}

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
  json(): Record<string, unknown>;
}

/** Asks a server over a real socket. */
export function ask(port: number, path: string, method = "GET", sent?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = sent === undefined ? {} : { "content-type": "application/json" };
    const req = request({ port, path, method, agent: false, headers }, (res) => {
      let body = "";
      res.setEncoding("utf8");
      res.on("data", (chunk: string) => {
        body += chunk;
      });
      res.on("end", () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body,
          json: () => JSON.parse(body) as Record<string, unknown>,
        }),
      );
    });
    req.on("error", reject);
    req.end(sent);
  });
}

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** Listens on a free port. */
export function listen(listener: RequestListener): Promise<Listening> {
  const server: Server = createServer(listener);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => new Promise((closed) => void server.close(() => closed())),
      }),
    );
  });
}
