import type { Declare } from "../../collector.js";
import type { Counter, Gauge } from "../../metrics/types.js";

/** What the operating system knows of the process; named as Prometheus clients name it in every language. */
export interface ProcessFamilies {
  readonly cpu: Counter<never>;
  readonly userCpu: Counter<never>;
  readonly systemCpu: Counter<never>;
  readonly startTime: Gauge<never>;
  readonly residentMemory: Gauge<never>;
  readonly virtualMemory: Gauge<never>;
  readonly heap: Gauge<never>;
  readonly openFds: Gauge<never>;
  readonly maxFds: Gauge<never>;
}

/** Declares them. Those that only Linux tells show no series elsewhere. */
export function declareProcessFamilies(declare: Declare): ProcessFamilies {
  return {
    cpu: declare.counter({
      name: "process_cpu_seconds_total",
      help: "CPU time used, user and system.",
      unit: "seconds",
    }),
    userCpu: declare.counter({
      name: "process_cpu_user_seconds_total",
      help: "CPU time used in user mode.",
      unit: "seconds",
    }),
    systemCpu: declare.counter({
      name: "process_cpu_system_seconds_total",
      help: "CPU time used in system mode.",
      unit: "seconds",
    }),
    startTime: declare.gauge({
      name: "process_start_time_seconds",
      help: "Unix time at which the process began; of many processes, the youngest.",
      unit: "seconds",
      aggregator: "max",
    }),
    ...declareResources(declare),
  };
}

type Resources = Pick<ProcessFamilies, "residentMemory" | "virtualMemory" | "heap" | "openFds" | "maxFds">;

function declareResources(declare: Declare): Resources {
  const bytes = (name: string, help: string): Gauge<never> => declare.gauge({ name, help, unit: "bytes" });
  return {
    residentMemory: bytes("process_resident_memory_bytes", "Memory of the process that is in RAM."),
    virtualMemory: bytes("process_virtual_memory_bytes", "Virtual memory of the process (Linux)."),
    heap: bytes("process_heap_bytes", "Data segment of the process (Linux)."),
    openFds: declare.gauge({ name: "process_open_fds", help: "File descriptors in use (Linux)." }),
    maxFds: declare.gauge({ name: "process_max_fds", help: "File descriptors allowed (Linux)." }),
  };
}
