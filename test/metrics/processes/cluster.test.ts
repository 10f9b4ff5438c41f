import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseExposition, value } from "../../support/exposition.js";
import {
  buildPackage,
  fetchText,
  kill,
  type Service,
  type ServiceProcess,
  scrapeValue,
  startService,
} from "./services.js";

let built: ReturnType<typeof buildPackage>;
let sharedTemporary = "";
beforeAll(() => {
  built = buildPackage();
  sharedTemporary = mkdtempSync(join(tmpdir(), "tt-"));
});
afterAll(() => {
  built.remove();
  rmSync(sharedTemporary, { recursive: true, force: true });
});

const sold = (port: number) => scrapeValue(port, "sold_total");
const sell = (port: number, count = 1) => fetchText(port, `/sell?count=${count}`);

async function sellEverywhere(workers: readonly ServiceProcess[]): Promise<void> {
  for (const [i, { port }] of workers.entries()) await sell(port, 10 ** i);
}

describe.each(["plain", "observed"])("workers of node:cluster under a %s primary", (primary) => {
  let service: Service;
  const start = async (): Promise<ServiceProcess[]> => {
    service = startService(built.file, { PRIMARY: primary });
    return service.workers(3);
  };

  it("show the exact sum, whichever is scraped, also on the port that they share", async () => {
    const workers = await start();
    await sellEverywhere(workers);
    for (const { port } of workers) expect(await sold(port)).toBe(111);
    const shared = await service.shared();
    for (let i = 0; i < 6; i++) {
      await sell(shared);
      expect(await sold(shared)).toBe(112 + i);
      expect(await scrapeValue(shared, "work_seconds_count")).toBe(4 + i);
    }
    expect(service.output()).not.toContain("telltale: ");
  });

  it("keep the counters of one that was killed, and not its gauges", async () => {
    const workers = await start();
    await sellEverywhere(workers);
    const shared = await service.shared();
    expect(await scrapeValue(shared, "stock")).toBe(111);
    const [, victim] = workers as [ServiceProcess, ServiceProcess];
    kill(victim.pid, "SIGKILL");
    await service.gone(victim.pid);
    await expect.poll(() => scrapeValue(shared, "stock")).toBe(101);
    expect(await sold(shared)).toBe(111);
    await sell(shared, 1000);
    expect(await sold(shared)).toBe(1111);
  });

  it.each(["exit", "crash", "disconnect", "close"])(
    "keep to the last what was counted by one that ends by %s",
    async (end) => {
      const workers = await start();
      await sellEverywhere(workers);
      for (const victim of workers.slice(0, 2)) {
        await sell(victim.port, 1000);
        await fetchText(victim.port, `/${end}`);
        if (end !== "close") await service.gone(victim.pid);
      }
      const [, , left] = workers as [ServiceProcess, ServiceProcess, ServiceProcess];
      await expect.poll(() => sold(left.port)).toBe(2111);
      await expect.poll(() => scrapeValue(left.port, "stock")).toBe(100);
      expect(await sold(left.port)).toBe(2111);
    },
  );
});

describe("workers of node:cluster", () => {
  it("are shown on the primary's own port as well", async () => {
    const service = startService(built.file);
    const workers = await service.workers(3);
    const { port } = await service.primary();
    await sellEverywhere(workers);
    expect(await sold(port)).toBe(111);
    await sell(port, 1000);
    for (const worker of workers) expect(await sold(worker.port)).toBe(1111);
  });

  it("are shown in part while one is stopped, and whole when it goes on", async () => {
    const service = startService(built.file, { TIMEOUT_MS: "300" });
    const workers = await service.workers(3);
    const { port } = await service.primary();
    await sellEverywhere(workers);
    expect(await sold(port)).toBe(111);
    const [stopped, other] = workers as [ServiceProcess, ServiceProcess];
    kill(stopped.pid, "SIGSTOP");
    await sell(other.port, 1000);
    expect(await sold(port)).toBe(1111);
    expect(await scrapeValue(port, "telltale_group_peers", { state: "silent" })).toBe(1);
    expect(await scrapeValue(port, "telltale_group_peers", { state: "answered" })).toBe(2);
    kill(stopped.pid, "SIGCONT");
    await sell(stopped.port, 10_000);
    expect(await sold(port)).toBe(11_111);
    expect(await scrapeValue(port, "telltale_group_peers", { state: "silent" })).toBe(0);
  });

  it("go on under another hub when the hub is killed, again and again, with all sums", async () => {
    const service = startService(built.file, { PRIMARY: "plain" });
    const workers = await service.workers(3);
    await sellEverywhere(workers);
    const shared = await service.shared();
    expect(await sold(shared)).toBe(111);
    const before = placeOf(service);
    await fetchText((await service.primary()).port, "/fork");
    const newcomer = (await service.workers(4))[3] as ServiceProcess;
    await sell(newcomer.port, 1000);
    expect(await sold(shared)).toBe(1111);
    // The hub is one of them; each is killed just after a scrape, as nothing later is known of it.
    for (const victim of workers) {
      kill(victim.pid, "SIGKILL");
      expect(await sold(newcomer.port)).toBe(1111);
      await service.gone(victim.pid);
    }
    expect(placeOf(service)).toBeGreaterThan(before);
    await sell(newcomer.port, 10_000);
    expect(await sold(shared)).toBe(11_111);
    expect(await scrapeValue(shared, "stock")).toBe(10_000);
  });

  it("never show a counter that goes down while all are restarted under load", async () => {
    const service = startService(built.file, { PRIMARY: "plain", GRACEFUL: "1" });
    let workers = await service.workers(3);
    const shared = await service.shared();
    const { port } = await service.primary();
    const load = createLoad();
    const seen: number[] = [];
    load.run(() => sell(shared));
    load.run(async () => seen.push((await sold(shared)) as number));
    for (let i = 0; i < 6; i++) {
      const victim = workers[i] as ServiceProcess;
      await fetchText(port, "/fork");
      workers = await service.workers(4 + i);
      // By turns in order and not; what is not yet known of a killed one is lost, but was never shown.
      kill(victim.pid, i % 2 === 0 ? "SIGTERM" : "SIGKILL");
      await service.gone(victim.pid);
    }
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(20);
    await load.stop();
    expect(seen.filter((value, i) => i > 0 && !(value >= (seen[i - 1] as number)))).toEqual([]);
    expect(seen.at(-1)).toBeGreaterThan(0);
  }, 60_000);

  it("go on answering prom-client's AggregatorRegistry in the primary", async () => {
    const service = startService(built.file, { PRIMARY: "plain", FOREIGN: "1" });
    const workers = await service.workers(3);
    await sellEverywhere(workers);
    const text = await fetchText((await service.primary()).port, "/foreign");
    expect(value(parseExposition(text), "sold_total", { what: "tea" })).toBe(111);
    expect(value(parseExposition(text), "work_seconds_bucket", { le: "2" })).toBe(3);
    expect(await sold(workers[0]?.port as number)).toBe(111);
  });

  it("say once that a scrape shows one of them when that is so", async () => {
    const service = startService(built.file, { TELLTALE_METRICS_GROUP: "false" });
    const [worker, other] = (await service.workers(3)) as [ServiceProcess, ServiceProcess];
    await sell(other.port);
    for (let i = 0; i < 3; i++) expect(await sold(worker.port)).toBeUndefined();
    await expect
      .poll(() => service.output().match(/"message":"a scrape shows this process alone/g))
      .toHaveLength(1);
    expect(service.output()).toContain("metrics.group is false");
  });

  it("answer each for itself where no folder for temporary files can be had, and say so", async () => {
    // A file, not a folder; its path is short, since /tmp is tried in place of one too long for a socket.
    const file = join(sharedTemporary, "file");
    writeFileSync(file, "");
    const service = startService(built.file, { TMPDIR: file });
    const [worker] = (await service.workers(3)) as [ServiceProcess];
    await sell(worker.port);
    expect(await sold(worker.port)).toBe(1);
    await expect.poll(() => service.output()).toContain("this process alone");
    expect(service.output()).toContain("ENOTDIR");
  });

  it("leave no file behind when an observed primary ends", async () => {
    const service = startService(built.file);
    const workers = await service.workers(3);
    await sellEverywhere(workers);
    expect(await sold(workers[0]?.port as number)).toBe(111);
    expect(foldersOf(service)).toHaveLength(1);
    service.child.kill("SIGTERM");
    await expect.poll(() => service.child.exitCode).toBe(0);
    await expect.poll(() => foldersOf(service)).toEqual([]);
  });
});

describe("processes with PM2's environment", () => {
  const pm2 = {
    pm_id: "0",
    name: "api",
    exec_mode: "cluster_mode",
    PM2_HOME: "/nowhere",
    ROLE: "single",
    WORKERS: "0",
  };

  it("are one group for each application", async () => {
    const [a, b, other] = ["api", "api", "web"].map((name, i) => {
      return startService(built.file, { ...pm2, pm_id: String(i), name, TMPDIR: sharedTemporary });
    }) as [Service, Service, Service];
    const [first, second, third] = await Promise.all([a.primary(), b.primary(), other.primary()]);
    await sell(first.port, 1);
    await sell(second.port, 10);
    await sell(third.port, 100);
    expect([await sold(first.port), await sold(second.port), await sold(third.port)]).toEqual([11, 11, 100]);
  });
});

describe("forked children", () => {
  it("are one group with their parent under a name that it passes on", async () => {
    const service = startService(built.file, { ROLE: "parent", TELLTALE_METRICS_GROUP: "shop-1" });
    const children = await service.workers(3);
    const { port } = await service.primary();
    await sellEverywhere(children);
    await sell(port, 1000);
    for (const one of [...children, { port }]) expect(await sold(one.port)).toBe(1111);
    await fetchText(port, "/exit");
    await expect.poll(() => service.child.exitCode).toBe(0);
    expect(await sold(children[0]?.port as number)).toBe(1111);
  });

  it("are no group without one", async () => {
    const service = startService(built.file, { ROLE: "parent" });
    const children = await service.workers(3);
    await sellEverywhere(children);
    expect(await sold(children[1]?.port as number)).toBe(10);
    expect(service.output()).not.toContain("this process alone");
  });
});

function foldersOf({ temporary }: Service): string[] {
  const base = join(temporary, `telltale-${process.getuid?.() ?? 0}`);
  return readdirSync(base).map((folder) => join(base, folder));
}

function placeOf(service: Service): number {
  const files = foldersOf(service).flatMap((folder) => readdirSync(folder));
  return Math.max(...files.map((file) => Number(/^(\d+)\.sock$/.exec(file)?.[1] ?? 0)));
}

interface Load {
  run(act: () => Promise<unknown>): void;
  stop(): Promise<void>;
}

// A connection to a process that is killed breaks; that is the test's own doing.
function createLoad(): Load {
  let isOver = false;
  const runs: Promise<void>[] = [];
  async function loop(act: () => Promise<unknown>): Promise<void> {
    while (!isOver) {
      await act().catch(() => undefined);
      await setTimeout(5);
    }
  }
  return {
    run: (act) => void runs.push(loop(act)),
    async stop() {
      isOver = true;
      await Promise.all(runs);
    },
  };
}
