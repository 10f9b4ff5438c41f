import type { Collector } from "../../collector.js";
import type { ProcessFamilies } from "./process-families.js";
import { createCpuReader } from "./readers/cpu.js";
import { observeGc } from "./readers/gc.js";
import { readHeap } from "./readers/heap.js";
import { readLinux } from "./readers/linux.js";
import { createLoopReader } from "./readers/loop.js";
import { createResourceReader } from "./readers/resources.js";
import type { RuntimeFamilies } from "./runtime-families.js";

/** The process that this runs in. */
export type ProcessLike = Pick<NodeJS.Process, "pid" | "versions" | "memoryUsage" | "uptime">;

/** Observes the process and its runtime; attached from the start unless `metrics.process` is false. */
export const processCollector: Collector<ProcessLike, object, "process"> = {
  name: "process",
  domain: "process",
  supports: ">=20.19",

  matches(value): value is ProcessLike {
    return value === process;
  },

  attach(target, scope) {
    const { process: system, runtime } = scope.domain;
    const stopGc = observeGc(runtime);
    const loop = createLoopReader(runtime);
    setVersion(runtime, target.versions.node);
    scope.sample(loop.read);
    scope.sample(() => readHeap(runtime));
    scope.sample(createResourceReader(runtime));
    if (system !== undefined) for (const read of systemReaders(target, system)) scope.sample(read);
    return () => {
      stopGc();
      loop.close();
    };
  },
};

function systemReaders(
  target: ProcessLike,
  system: ProcessFamilies,
): readonly (() => void | Promise<void>)[] {
  system.startTime.set(Math.round(Date.now() / 1000 - target.uptime()));
  const portable = [createCpuReader(system), () => system.residentMemory.set(target.memoryUsage.rss())];
  return process.platform === "linux" ? [...portable, () => readLinux(system)] : portable;
}

function setVersion({ version }: RuntimeFamilies, node: string): void {
  const [major, minor, patch] = node.split(".");
  version.set({ version: `v${node}`, major, minor, patch }, 1);
}
