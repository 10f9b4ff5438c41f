import { closeSync, openSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { collectDefaultMetrics } from "prom-client";
import { describe, expect, test } from "vitest";
import { createObservability } from "../../../src/index.js";
import { find, type Sample, value } from "../../support/exposition.js";
import { observe } from "../../support/service.js";

const IS_LINUX = process.platform === "linux";

/** The value of one series; 0 may be a value, so a missing series throws. */
function read(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number {
  const found = value(samples, name, labels);
  if (found === undefined) throw new Error(`${name} shows no series`);
  return found;
}

function burn(forMs: number): void {
  const until = performance.now() + forMs;
  while (performance.now() < until) Math.sqrt(until);
}

describe("the process domain", () => {
  test("shows the CPU time of the whole process, as the operating system counts it", async () => {
    const { samples } = observe();
    const before = process.cpuUsage();
    burn(50);
    const shown = await samples();
    const after = process.cpuUsage();
    const [user, system] = [
      read(shown, "process_cpu_user_seconds_total"),
      read(shown, "process_cpu_system_seconds_total"),
    ];
    expect(user * 1e6).toBeGreaterThan(before.user);
    expect(user * 1e6).toBeLessThanOrEqual(after.user + 1);
    expect(read(shown, "process_cpu_seconds_total")).toBeCloseTo(user + system, 6);
    burn(50);
    const later = await samples();
    expect(read(later, "process_cpu_user_seconds_total") - user).toBeGreaterThan(0.02);
    expect(read(later, "process_cpu_user_seconds_total") * 1e6).toBeLessThanOrEqual(
      process.cpuUsage().user + 1,
    );
  });

  test("shows when the process began, once and for all", async () => {
    const { samples } = observe();
    const began = Date.now() / 1000 - process.uptime();
    const shown = read(await samples(), "process_start_time_seconds");
    expect(Math.abs(shown - began)).toBeLessThanOrEqual(1);
    expect(read(await samples(), "process_start_time_seconds")).toBe(shown);
  });

  test("shows the memory in RAM", async () => {
    const shown = read(await observe().samples(), "process_resident_memory_bytes");
    expect(shown / process.memoryUsage.rss()).toBeGreaterThan(0.5);
    expect(shown / process.memoryUsage.rss()).toBeLessThan(2);
  });

  test("counts open file descriptors and tells how many there may be, where Linux tells", async () => {
    const { samples } = observe();
    if (!IS_LINUX) return expect(find(await samples(), "process_open_fds")).toEqual([]);
    const before = read(await samples(), "process_open_fds");
    const opened = Array.from({ length: 40 }, () => openSync("/dev/null", "r"));
    const during = read(await samples(), "process_open_fds");
    for (const fd of opened) closeSync(fd);
    expect(during - before).toBeGreaterThanOrEqual(35);
    expect(read(await samples(), "process_open_fds")).toBeLessThan(during - 30);
    expect(read(await samples(), "process_max_fds")).toBeGreaterThan(during);
    expect(read(await samples(), "process_virtual_memory_bytes")).toBeGreaterThan(process.memoryUsage.rss());
    expect(read(await samples(), "process_heap_bytes")).toBeGreaterThan(0);
  });

  test("shows the heap with its limit, and its spaces by prom-client's names", async () => {
    const samples = await observe().samples();
    const used = read(samples, "nodejs_heap_size_used_bytes");
    expect(used).toBeLessThanOrEqual(read(samples, "nodejs_heap_size_total_bytes"));
    expect(used).toBeLessThan(read(samples, "nodejs_heap_size_limit_bytes"));
    const spaces = find(samples, "nodejs_heap_space_size_used_bytes").map(({ labels }) => labels["space"]);
    expect(spaces).toEqual(expect.arrayContaining(["new", "old", "code", "large_object"]));
    const held = Buffer.alloc(50_000_000, 1);
    const later = read(await observe().samples(), "nodejs_array_buffers_bytes");
    expect(later).toBeGreaterThanOrEqual(held.length);
  });

  test("shows a blocked event loop, and none of its own timer's interval when it idles", async () => {
    const { samples } = observe();
    await new Promise((resolve) => setTimeout(resolve, 60));
    burn(120);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const blocked = await samples();
    expect(read(blocked, "nodejs_eventloop_lag_max_seconds")).toBeGreaterThan(0.09);
    expect(read(blocked, "nodejs_eventloop_utilization_ratio")).toBeGreaterThan(0.3);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const idle = await samples();
    expect(read(idle, "nodejs_eventloop_lag_min_seconds")).toBeLessThan(0.009);
    expect(read(idle, "nodejs_eventloop_utilization_ratio")).toBeLessThan(
      read(blocked, "nodejs_eventloop_utilization_ratio"),
    );
  });

  test("counts resources that keep the loop alive, and those that went as 0", async () => {
    const { samples } = observe();
    const timers = Array.from({ length: 7 }, () => setTimeout(() => undefined, 60_000));
    const during = read(await samples(), "nodejs_active_resources", { type: "Timeout" });
    for (const timer of timers) clearTimeout(timer);
    expect(during).toBeGreaterThanOrEqual(7);
    expect(read(await samples(), "nodejs_active_resources", { type: "Timeout" })).toBeLessThanOrEqual(
      during - 7,
    );
  });

  test("tells the version of Node", async () => {
    const [major = "", minor = "", patch = ""] = process.versions.node.split(".");
    const labels = { version: process.version, major, minor, patch };
    expect(read(await observe().samples(), "nodejs_version_info", labels)).toBe(1);
  });

  test("is off with metrics.process: false", async () => {
    const { samples, obs } = observe({ metrics: { process: false } });
    expect((await samples()).filter(({ name }) => /^(process|nodejs)_/.test(name))).toEqual([]);
    expect(obs.catalog.filter(({ owner }) => owner === "process")).toEqual([]);
  });

  test("lets collectDefaultMetrics() register beside it, and shows its own", async () => {
    const { obs, samples } = observe();
    expect(() => collectDefaultMetrics({ register: obs.metrics.registry })).not.toThrow();
    const shown = await samples();
    expect(find(shown, "process_cpu_seconds_total")).toHaveLength(1);
    expect(read(shown, "process_cpu_seconds_total")).toBeGreaterThan(0);
  });

  test("stops with close(): no observer of garbage collections stays", async () => {
    const obs = createObservability({ service: "s", logging: { level: "silent" }, tracing: false });
    const before = obs.metrics.registry.getSingleMetric("nodejs_gc_duration_seconds");
    await obs.close();
    const counts = async (): Promise<string> =>
      (await obs.metrics.registry.getSingleMetricAsString("nodejs_gc_duration_seconds"))
        .match(/_count.*/g)
        ?.join() ?? "";
    expect(before).toBeDefined();
    const at = await counts();
    for (let i = 0; i < 200; i++) Array.from({ length: 20_000 }, (_, n) => ({ n }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await counts()).toBe(at);
  });

  test("counts garbage collections by kind", async () => {
    const { samples } = observe();
    const count = async (): Promise<number> =>
      value(await samples(), "nodejs_gc_duration_seconds_count", { kind: "minor" }) ?? 0;
    for (let i = 0; i < 400; i++) Array.from({ length: 20_000 }, (_, n) => ({ n }));
    await expect.poll(count).toBeGreaterThan(3);
  });

  test("leaves the process to the main thread: a worker thread shows its own runtime only", async () => {
    const script = `
      const { parentPort, workerData } = require("node:worker_threads");
      const { createObservability } = require(workerData);
      const obs = createObservability({ service: "thread", logging: { level: "silent" }, tracing: false });
      parentPort.postMessage(obs.catalog.filter(({ owner }) => owner === "process").map(({ name }) => name));
      void obs.close();`;
    const worker = new Worker(script, { eval: true, workerData: require.resolve("../../../dist/index.js") });
    const names = await new Promise<string[]>((resolve, reject) =>
      worker.on("message", resolve).on("error", reject),
    );
    expect(names).toContain("nodejs_heap_size_used_bytes");
    expect(names.filter((name) => name.startsWith("process_"))).toEqual([]);
    await worker.terminate();
  });
});
