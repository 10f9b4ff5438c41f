import { createServer, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createCatalog } from "../../src/catalog.js";
import type { HealthClock } from "../../src/health/clock.js";
import { createHealth, type Health, type HealthSettings } from "../../src/health/index.js";
import { createMetrics } from "../../src/metrics/index.js";

export interface Line {
  level: "info" | "warn";
  fields: Record<string, unknown>;
  message: string;
}

/** A clock that stands still until it is moved. */
export interface FakeClock extends HealthClock {
  /** Moves on by `ms`, firing what comes due in its order, each with what follows from it. */
  pass(ms: number): Promise<void>;
  /** What `random` answers from now on. Default: 0.5, the middle. */
  chance: number;
  /** Timers that are set. */
  timers(): number;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function createClock(): FakeClock {
  let nowMs = 0;
  const timers = new Set<{ dueMs: number; run: () => void }>();

  function next(untilMs: number) {
    const due = [...timers].filter(({ dueMs }) => dueMs <= untilMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }

  const clock: FakeClock = {
    chance: 0.5,
    now: () => nowMs,
    wall: () => 1_700_000_000_000 + nowMs,
    random: () => clock.chance,
    timers: () => timers.size,
    after(delayMs, run) {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async pass(ms) {
      const untilMs = nowMs + ms;
      await turn();
      for (let timer = next(untilMs); timer !== undefined; timer = next(untilMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.run();
        await turn();
      }
      nowMs = untilMs;
    },
  };
  return clock;
}

export interface FakeHouse {
  health: Health;
  lines: Line[];
  served: object[];
  faults: unknown[];
  clock: FakeClock;
  /** The sample of one series, without the label `service`; undefined when it is not there. */
  metric(name: string): Promise<number | undefined>;
}

const DEFAULTS: HealthSettings = {
  service: "chat",
  basePath: "",
  paths: {},
  kubernetesPaths: false,
  startup: "manual",
  indicators: [],
  details: { public: "data", authorized: "full" },
  statusCodes: {},
  failReadyOnShutdown: true,
  intervalMs: 10_000,
  failingIntervalMs: 2000,
  jitter: 0.1,
  timeoutMs: 2000,
  failureThreshold: 3,
  successThreshold: 1,
  concurrency: 8,
  liveness: { threshold: 5, sampleMs: 1000 },
};

/** The health of a service with a clock, a log and metrics of its own. */
export function createHouse(settings: Partial<HealthSettings> = {}): FakeHouse {
  const [lines, served, faults]: [Line[], object[], unknown[]] = [[], [], []];
  const clock = createClock();
  const metrics = createMetrics({ prefix: "", labels: {}, maxSeriesPerFamily: 1000 }, {});
  const samples: (() => void)[] = [];
  const write = (level: Line["level"]) => (fields: object, message: string) =>
    void lines.push({ level, fields: { ...fields }, message });
  const hooks = {
    log: { info: write("info"), warn: write("warn") },
    declare: createCatalog(metrics).for("health"),
    sample: (read: () => void) => void samples.push(read),
    onServe: (req: object) => void served.push(req),
    onFault: (error: unknown) => void faults.push(error),
    clock,
  };
  const health = createHealth({ ...DEFAULTS, ...settings }, hooks, () =>
    Promise.reject(new Error("no ports")),
  );
  async function metric(name: string): Promise<number | undefined> {
    for (const read of samples) read();
    const line = (await metrics.text()).split("\n").find((text) => text.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  }
  return { health, lines, served, faults, clock, metric };
}

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
  json(): Record<string, unknown>;
}

/** Asks a server over a real socket. */
export function ask(
  port: number,
  path: string,
  method = "GET",
  { sent, headers: own = {} }: { sent?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...own, ...(sent === undefined ? {} : { "content-type": "application/json" }) };
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
