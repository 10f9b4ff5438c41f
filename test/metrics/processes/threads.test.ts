import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Children, type Ending, prepareChildren } from "../../support/child.js";

let children: Children;

beforeAll(() => {
  children = prepareChildren();
});

afterAll(() => children.remove());

/** Runs `script` in the main thread and in every worker it starts, and answers what it showed. */
async function run<T>(script: string): Promise<T> {
  const { code, stdout, stderr }: Ending = await children.run(`${PREAMBLE}\n${script}`);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

const PREAMBLE = `
  const { Worker, isMainThread, parentPort, workerData, threadId } = require("node:worker_threads");
  const { once } = require("node:events");
  const { PassThrough } = require("node:stream");
  const { setTimeout: sleep } = require("node:timers/promises");
  const lines = [];
  const create = (more = {}) => createObservability({ service: "chat", http: { outgoing: false },
    logging: { destination: { write: (line) => lines.push(JSON.parse(line)) } }, ...more });
  const declare = (obs) => ({
    jobs: obs.metrics.counter({ name: "jobs_total", help: "h", labelNames: ["queue"] }),
    times: obs.metrics.histogram({ name: "times", help: "h", labelNames: ["queue"], buckets: [1, 2] }),
    level: obs.metrics.gauge({ name: "level", help: "h" }),
  });
  const start = (data) => new Worker(__filename, { workerData: data });
  const numbers = (text) => Object.fromEntries(text.split("\\n").filter((line) => line && !line.startsWith("#"))
    .map((line) => line.replace(/service="chat",|,?service="chat"/, "").replace("{}", "").split(" ")).map(([name, value]) => [name, Number(value)]));
  const scrape = async (obs) => {
    const chunks = [];
    const res = Object.assign(new PassThrough(), { writeHead() {} });
    res.on("data", (chunk) => chunks.push(chunk));
    await Promise.all([obs.metrics.handler()({ method: "GET", headers: {}, url: "/metrics" }, res), once(res, "end")]);
    return numbers(Buffer.concat(chunks).toString());
  };
  const show = (value) => process.stdout.write(JSON.stringify(value));
`;

describe("an instance in the main thread", () => {
  it("shows the sum over the threads, whichever was there first, and lets the process end", async () => {
    const shown = await run(`
      if (isMainThread) (async () => {
        const early = start({ times: 1 });
        await once(early, "message");
        const obs = create();
        const { jobs, times, level } = declare(obs);
        const late = start({ times: 2 });
        await once(late, "message");
        jobs.inc({ queue: "mail" }, 10);
        level.set(1);
        const first = await scrape(obs);
        for (const worker of [early, late]) worker.postMessage("more");
        await Promise.all([early, late].map((worker) => once(worker, "message")));
        show([first, await scrape(obs)]);
        for (const worker of [early, late]) worker.postMessage("end");
      })();
      else {
        const { jobs, times, level } = declare(create());
        const record = () => {
          for (let i = 0; i < workerData.times; i++) { jobs.inc({ queue: "mail" }); times.observe({ queue: "t" + threadId }, 1.5); }
          level.set(workerData.times);
          parentPort.postMessage("recorded");
        };
        parentPort.on("message", (message) => message === "end" ? parentPort.close() : record());
        record();
      }
    `);
    const level = { level: 4 };
    expect(shown).toMatchObject([
      {
        'jobs_total{queue="mail"}': 13,
        'times_count{queue="t1"}': 1,
        'times_count{queue="t2"}': 2,
        ...level,
      },
      {
        'jobs_total{queue="mail"}': 16,
        'times_count{queue="t1"}': 2,
        'times_count{queue="t2"}': 4,
        ...level,
      },
    ]);
  });

  it.each([
    ["throws", `if (n === 5000) throw new Error("boom");`],
    ["calls process.exit()", "if (n === 5000) process.exit(3);"],
    ["is terminated", ""],
  ])("has every record of a thread that %s in mid-load, and none of its gauges", async (_, end) => {
    const [shown, again, counts] = await run<[Record<string, number>, Record<string, number>, number[]]>(`
      const LABELS = 700;
      if (isMainThread) (async () => {
        const obs = create();
        const { level } = declare(obs);
        level.set(1);
        const counted = [1, 2, 3].map(() => new BigInt64Array(new SharedArrayBuffer(8)));
        const workers = counted.map((count) => start({ count }));
        const exits = workers.map((worker) => { worker.on("error", () => {}); return new Promise((resolve) => worker.once("exit", resolve)); });
        const isTerminated = ${JSON.stringify(end)} === "";
        if (isTerminated) while (counted.some((count) => Atomics.load(count, 0) < 20000n)) await sleep(1);
        if (isTerminated) for (const worker of workers) worker.terminate();
        await Promise.all(exits);
        const shown = await scrape(obs);
        declare(obs).jobs.inc({ queue: "q1" });
        show([shown, await scrape(obs), counted.map((count) => Number(count[0]))]);
      })();
      else {
        const { jobs, times, level } = declare(create());
        level.set(1);
        for (let n = 0; ; n++) {
          ${end}
          jobs.inc({ queue: "q" + n % LABELS });
          workerData.count[0]++;
        }
      }
    `);
    const sum = (all: Record<string, number>): number =>
      Object.entries(all).reduce(
        (before, [name, value]) => before + (name.startsWith("jobs") ? value : 0),
        0,
      );
    const total = counts.reduce((before, count) => before + count, 0);
    expect(total).toBeGreaterThan(14_000);
    // terminate() may fall between the record and the test's own count, at most once a thread.
    expect(sum(shown) - total).toBeGreaterThanOrEqual(0);
    expect(sum(shown) - total).toBeLessThanOrEqual(3);
    expect(sum(again)).toBe(sum(shown) + 1);
    expect(shown["level"]).toBe(1);
  });

  it("never shows a sum that goes down while threads come and go under load", async () => {
    const shown = await run<{ falls: number; last: number; total: number }>(`
      if (isMainThread) (async () => {
        const obs = create();
        let [falls, last, running, total] = [0, 0, 0, 0];
        const spawn = () => {
          const worker = start({});
          running++;
          worker.on("message", (count) => { total += count; });
          worker.on("exit", () => { running--; });
        };
        for (let i = 0; i < 8; i++) { spawn(); if (i % 2) await sleep(20); }
        while (running > 0) {
          const sum = (await scrape(obs))['jobs_total{queue="x"}'] ?? 0;
          if (sum < last) falls++;
          last = sum;
          await sleep(1);
        }
        show({ falls, last: (await scrape(obs))['jobs_total{queue="x"}'], total });
      })();
      else (async () => {
        const { jobs } = declare(create());
        const handle = jobs.labels("x");
        for (let i = 0; i < 50; i++) { for (let j = 0; j < 1000; j++) handle.inc(); await sleep(1); }
        parentPort.postMessage(50000);
      })();
    `);
    expect(shown).toEqual({ falls: 0, last: 400_000, total: 400_000 });
  });

  it("does not confuse series whose rows are forgotten and taken again in a thread", async () => {
    const shown = await run<Record<string, number>>(`
      if (isMainThread) (async () => {
        const obs = create();
        const worker = start({});
        let isDone = false;
        worker.on("exit", () => { isDone = true; });
        while (!isDone) { await scrape(obs); await new Promise(setImmediate); }
        show(await scrape(obs));
      })();
      else {
        const { jobs } = declare(create());
        for (let i = 0; i < 3000; i++) {
          jobs.inc({ queue: "even" }, 2);
          jobs.remove("even");
          jobs.inc({ queue: "odd" }, 3);
          jobs.remove("odd");
        }
        jobs.inc({ queue: "even" }, 2);
        jobs.inc({ queue: "odd" }, 3);
      }
    `);
    // What is forgotten while it is shown may leave, but never something that is not a multiple of its own.
    const [even = 0, odd = 0] = [shown['jobs_total{queue="even"}'], shown['jobs_total{queue="odd"}']];
    expect([even % 2, odd % 3]).toEqual([0, 0]);
    expect(Math.min(even, odd)).toBeGreaterThanOrEqual(2);
  });

  it("runs the collect callbacks of the threads, and asks prom-client's metrics there too", async () => {
    const shown = await run<object[]>(`
      if (isMainThread) (async () => {
        const obs = create();
        const worker = start({});
        await once(worker, "message");
        const first = await scrape(obs);
        const second = await scrape(obs);
        await worker.terminate();
        show([first, second, await scrape(obs)]);
      })();
      else {
        const obs = create();
        let reads = 0;
        const gauge = obs.metrics.gauge({ name: "read", help: "h", collect: async () => { await sleep(5); gauge.set(++reads); } });
        const client = require("prom-client");
        new client.Counter({ name: "foreign_total", help: "h", registers: [obs.metrics.registry] }).inc(3);
        parentPort.postMessage("ready");
        setInterval(() => {}, 1000);
      }
    `);
    expect(shown).toMatchObject([
      { read: 1, foreign_total: 3 },
      { read: 2, foreign_total: 3 },
      { foreign_total: 3 },
    ]);
    expect(shown[2]).not.toHaveProperty("read");
  });

  it("lets series expire in the threads, which nobody else scrapes", async () => {
    const series = await run<number>(`
      if (isMainThread) (async () => {
        const obs = create({ metrics: { ttlMs: 5 } });
        const worker = start({});
        let series = 1;
        worker.on("message", (now) => { series = now; });
        await once(worker, "message");
        while (series > 0) { await scrape(obs); worker.postMessage("count"); await once(worker, "message"); }
        show(series);
        await worker.terminate();
      })();
      else {
        const obs = create({ metrics: { ttlMs: 5 } });
        declare(obs).jobs.inc({ queue: "x" });
        const count = () => obs.metrics.cardinality().find(({ family }) => family === "jobs_total")?.series ?? 0;
        parentPort.on("message", () => parentPort.postMessage(count()));
        parentPort.postMessage(count());
      }
    `);
    expect(series).toBe(0);
  });

  it("shows what a thread recorded whose event loop is blocked", async () => {
    const [shown, isSettled] = await run<[Record<string, number>, boolean]>(`
      if (isMainThread) (async () => {
        const obs = create();
        const gate = new Int32Array(new SharedArrayBuffer(4));
        const worker = start({ gate });
        while (Atomics.load(gate, 0) === 0) await sleep(1);
        await scrape(obs);
        const shown = await scrape(obs);
        Atomics.store(gate, 0, 2);
        Atomics.notify(gate, 0);
        await once(worker, "exit");
        show([shown, (await scrape(obs))['jobs_total{queue="x"}'] === 6]);
      })();
      else {
        const { jobs } = declare(create());
        jobs.inc({ queue: "x" }, 5);
        Atomics.store(workerData.gate, 0, 1);
        Atomics.wait(workerData.gate, 0, 1);
        jobs.inc({ queue: "x" });
      }
    `);
    expect(shown['jobs_total{queue="x"}']).toBe(5);
    expect(isSettled).toBe(true);
  });

  it("counts threads that threads start, and leaves out other services and instances that do not take part", async () => {
    const shown = await run<Record<string, number>>(`
      if (isMainThread) (async () => {
        const obs = create();
        const worker = start({ depth: 1 });
        await once(worker, "exit");
        show(await scrape(obs));
      })();
      else (async () => {
        for (const more of [{}, { service: "other" }, { metrics: { threads: false } }]) declare(create(more)).jobs.inc({ queue: "d" + workerData.depth });
        if (workerData.depth === 2) return setInterval(() => {}, 1000), parentPort.postMessage("recorded");
        const nested = start({ depth: 2 });
        await once(nested, "message");
        await nested.terminate();
      })();
    `);
    expect(shown).toMatchObject({ 'jobs_total{queue="d1"}': 1, 'jobs_total{queue="d2"}': 1 });
  });

  it("keeps what a closed instance of a thread counted, and goes on alone once it is closed itself", async () => {
    const shown = await run<object[]>(`
      if (isMainThread) (async () => {
        const obs = create();
        const worker = start({});
        await once(worker, "message");
        const before = await scrape(obs);
        worker.postMessage("end");
        await once(worker, "exit");
        await obs.close();
        declare(obs).jobs.inc({ queue: "x" }, 10);
        show([before, await scrape(obs)]);
      })();
      else (async () => {
        const obs = create();
        const { jobs, level } = declare(obs);
        level.set(7);
        jobs.inc({ queue: "x" }, 5);
        await obs.close();
        jobs.inc({ queue: "y" }, 5);
        parentPort.postMessage("closed");
        parentPort.once("message", () => {});
      })();
    `);
    expect(shown).toMatchObject([{ 'jobs_total{queue="x"}': 5 }, { 'jobs_total{queue="x"}': 15 }]);
    expect(shown[0]).not.toHaveProperty("level");
    expect(shown[1]).not.toHaveProperty('jobs_total{queue="y"}');
  });
});

describe("an instance in a worker thread", () => {
  it("answers a scrape for itself alone, and says so once", async () => {
    const [shown, told] = await run<[object, string[]]>(`
      if (isMainThread) (async () => {
        const obs = create();
        declare(obs).jobs.inc({ queue: "x" }, 10);
        const [answer] = await once(start({}), "message");
        show(answer);
      })();
      else (async () => {
        const obs = create();
        declare(obs).jobs.inc({ queue: "x" });
        await scrape(obs);
        parentPort.postMessage([await scrape(obs), lines.map(({ err }) => err.message)]);
      })();
    `);
    expect(shown).toMatchObject({ 'jobs_total{queue="x"}': 1 });
    expect(told).toEqual([expect.stringContaining("found a scrape in a worker thread")]);
  });
});
