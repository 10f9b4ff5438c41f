import type { ProcessFamilies } from "../process-families.js";

const MICROSECONDS = 1e6;

/** Makes the reader of CPU time: all that the process has used, what came before the first read included. */
export function createCpuReader({ cpu, userCpu, systemCpu }: ProcessFamilies): () => void {
  const seen = { user: 0, system: 0 };
  return () => {
    const now = process.cpuUsage();
    const user = (now.user - seen.user) / MICROSECONDS;
    const system = (now.system - seen.system) / MICROSECONDS;
    userCpu.inc(user);
    systemCpu.inc(system);
    cpu.inc(user + system);
    Object.assign(seen, now);
  };
}
