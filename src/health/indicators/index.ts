import type { Indicator } from "../types.js";
import { circuit } from "./circuit.js";
import { connections } from "./connections.js";
import { disk } from "./disk.js";
import { eventLoop } from "./event-loop.js";
import { http } from "./http.js";
import { memory } from "./memory.js";
import { queue } from "./queue.js";
import { server } from "./server.js";
import { tcp } from "./tcp.js";

/** The checks of the house: `registerHealthCheck("memory", indicators.memory())`. */
export interface Indicators {
  readonly memory: typeof memory;
  readonly disk: typeof disk;
  readonly eventLoop: typeof eventLoop;
  readonly connections: typeof connections;
  readonly queue: typeof queue;
  readonly http: typeof http;
  readonly tcp: typeof tcp;
  readonly circuit: typeof circuit;
  readonly server: typeof server;
}

/** All of them. */
export const indicators: Indicators = {
  memory,
  disk,
  eventLoop,
  connections,
  queue,
  http,
  tcp,
  circuit,
  server,
};

/** Those that need nothing to be said. */
export type IndicatorName = "memory" | "disk" | "eventLoop";

/** The indicators of the option `health.indicators`. */
export const SYSTEM_INDICATORS: Readonly<Record<IndicatorName, () => Indicator>> = {
  memory: () => memory(),
  disk: () => disk(),
  eventLoop: () => eventLoop(),
};
