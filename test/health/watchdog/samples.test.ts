import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { type WorkerSettings, watch } from "../../../src/health/watchdog/worker.js";

const SAMPLE_MS = 1000;

interface Answering {
  statusCode: number;
  setHeader(): void;
  end(): void;
}

/** The thread's own program, with a clock and a timer that are moved by hand. */
function createThread(settings: Partial<WorkerSettings> = {}) {
  const shared = new SharedArrayBuffer(16);
  const beat = new BigInt64Array(shared, 0, 1);
  const flags = new Int32Array(shared, 8, 2);
  const workerData = { shared, port: 0, sampleMs: SAMPLE_MS, threshold: 5, paths: ["/live"], ...settings };
  let nowMs = 0;
  let sample = (): void => undefined;
  let handle: (req: object, res: Answering) => void = () => undefined;
  const server = { on: () => server, listen: () => server, address: () => null };
  const modules: Readonly<Record<string, object>> = {
    "node:worker_threads": { parentPort: null, workerData },
    "node:http": {
      createServer(given: typeof handle) {
        handle = given;
        return server;
      },
    },
  };
  const process = {
    getBuiltinModule: (name: string) => modules[name],
    hrtime: { bigint: () => BigInt(nowMs) * 1_000_000n },
  };
  const setInterval = (run: () => void, ms: number): void => {
    expect(ms).toBe(SAMPLE_MS);
    sample = run;
  };
  runInNewContext(`const __name = (f) => f;\n(${watch.toString()})();`, { process, setInterval });

  return {
    flags,
    /** A time passes, and at its end a sample is taken. */
    pass(ms: number): void {
      nowMs += ms;
      sample();
    },
    beat: () => void (beat[0] = BigInt(nowMs) * 1_000_000n),
    status(): number {
      const res: Answering = { statusCode: 0, setHeader: () => undefined, end: () => undefined };
      handle({ url: "/live", method: "GET" }, res);
      return res.statusCode;
    },
  };
}

it("says 503 from the fifth missed sample in a row on, and 200 with the first that is not missed", () => {
  const thread = createThread();
  thread.beat();
  const seen = Array.from({ length: 7 }, () => {
    thread.pass(SAMPLE_MS + 1);
    return thread.status();
  });
  expect(seen).toEqual([200, 200, 200, 200, 503, 503, 503]);
  thread.beat();
  thread.pass(SAMPLE_MS);
  expect(thread.status()).toBe(200);
});

it("begins to count anew after a beat", () => {
  const thread = createThread();
  for (let round = 0; round < 3; round++) {
    thread.beat();
    for (let i = 0; i < 4; i++) thread.pass(SAMPLE_MS + 1);
    expect(thread.status()).toBe(200);
    thread.beat();
    thread.pass(10);
  }
});

it("counts one sample for a process that was stopped, however long it was", () => {
  const thread = createThread();
  thread.beat();
  thread.pass(9 * SAMPLE_MS);
  expect(thread.status()).toBe(200);
});

it("counts none under an inspector", () => {
  const thread = createThread();
  thread.flags[0] = 1;
  for (let i = 0; i < 9; i++) thread.pass(2 * SAMPLE_MS);
  expect(thread.status()).toBe(200);
});
