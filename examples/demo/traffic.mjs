import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Starts the clients in a thread of their own, one request every `pauseMs` or so. */
export function startTraffic(baseUrl, pauseMs) {
  const worker = new Worker(new URL("./clients.mjs", import.meta.url), { workerData: { baseUrl, pauseMs } });
  const exited = once(worker, "exit");
  exited.catch((error) => {
    console.error("demo: the clients failed:", error);
    process.exitCode = 1;
  });
  return {
    /** Changes the pause between two requests. */
    slowDown: (toPauseMs) => worker.postMessage({ pauseMs: toPauseMs }),
    /** Lets the request under way end, leaves the event stream, and resolves when all is quiet. */
    async stop() {
      worker.postMessage({ stop: true });
      await exited.catch(() => undefined);
    },
  };
}
