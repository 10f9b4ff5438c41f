import cluster from "node:cluster";
import type { Observability } from "../observability.js";

/**
 * Opens the management port once the application has started, so that one which opens it by itself comes first; returns
 * what gives the port up again. A port that cannot be had is said once.
 */
export function openPort({ listen, logger }: Pick<Observability, "listen" | "logger">): () => void {
  const log = logger.component("telltale");
  let wanted = true;
  const open = async (): Promise<void> => {
    try {
      const management = await listen();
      if (!wanted) return void management.close();
      log.info({ url: management.url }, "metrics and health");
    } catch (error) {
      if (!isPrimarys(error)) log.warn(`register: ${(error as Error).message} Nothing can be scraped here.`);
    }
  };
  const soon = setImmediate(() => void open()).unref();
  return () => {
    wanted = false;
    clearImmediate(soon);
  };
}

// The primary of node:cluster, registered too, answers for its workers.
function isPrimarys(error: unknown): boolean {
  return cluster.isWorker && /in use/.test(String(error));
}
