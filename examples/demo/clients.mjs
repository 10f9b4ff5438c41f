// Runs in a worker thread, so that the clients' own requests are not among what the service observes of itself.
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { follow, openRooms, SCENARIOS } from "./scenarios.mjs";

const VISIT_MS = 1500;

const { baseUrl } = workerData;
let { pauseMs } = workerData;
let open = true;
const streams = new AbortController();

parentPort.on("message", (message) => {
  if (message.pauseMs !== undefined) pauseMs = message.pauseMs;
  if (message.stop) {
    open = false;
    streams.abort();
  }
});

// A reader of the events stays a while, leaves, and comes back.
async function keepFollowing() {
  while (open) {
    const visit = AbortSignal.any([streams.signal, AbortSignal.timeout(VISIT_MS)]);
    try {
      await follow(baseUrl, visit);
    } catch (error) {
      if (!visit.aborted) throw error;
    }
  }
}

async function work() {
  for (let n = 1; open; n++) {
    await SCENARIOS[n % SCENARIOS.length](baseUrl, n);
    await sleep(pauseMs, undefined, { signal: streams.signal }).catch(() => undefined);
  }
}

await openRooms(baseUrl);
await Promise.all([keepFollowing(), work()]);
parentPort.close();
