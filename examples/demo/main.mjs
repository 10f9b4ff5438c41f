// npm run demo                  runs until Ctrl-C
// npm run demo -- --once        ends by itself after the report
//
// DEMO_SECONDS: length of the traffic before the report, default 4; where stdin is no terminal it implies --once.
// PORT and MANAGEMENT_PORT: default 3000 and 9464; a free port is taken where these are not.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createObservability } from "telltale";
import { listen, listenManagement } from "./ports.mjs";
import { printReport, printWelcome } from "./report.mjs";
import { createService } from "./service.mjs";
import { createSpanKeeper } from "./spans.mjs";
import { startTraffic } from "./traffic.mjs";

const BUSY_PAUSE_MS = 80;
const QUIET_PAUSE_MS = 2000;
const SPANS_SETTLE_MS = 300;

const { env } = process;
const seconds = Number(env.DEMO_SECONDS ?? 4);
const once =
  process.argv.includes("--once") || (env.DEMO_SECONDS !== undefined && process.stdin.isTTY !== true);

const keeper = createSpanKeeper(env);
const obs = createObservability({
  service: "chat-demo",
  tracing: { exporter: keeper.exporter, batchDelayMs: 100 },
  // Through the same stream as the report, where a pipe would let the report overtake the buffered log.
  logging: process.stdout.isTTY ? {} : { destination: process.stdout },
});

let appUrl = "";
const service = createService(obs, () => appUrl);
const server = createServer(service.app);
appUrl = `http://localhost:${await listen(server, Number(env.PORT ?? 3000))}`;
const management = await listenManagement(obs, Number(env.MANAGEMENT_PORT ?? 9464));

printWelcome({ appUrl, managementUrl: management.url, spanTarget: keeper.target, seconds });
const traffic = startTraffic(appUrl, BUSY_PAUSE_MS);
const stopped = new Promise((stop) => {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop("stopped"));
});

if ((await Promise.race([sleep(seconds * 1000, "done", { ref: false }), stopped])) === "done") {
  await report();
  if (!once) {
    console.log("\nLight traffic goes on. Open the URLs above; Ctrl-C stops.\n");
    await stopped;
  }
}
await shutDown();

async function report() {
  traffic.slowDown(QUIET_PAUSE_MS);
  await sleep(SPANS_SETTLE_MS);
  // Read without a request: one to /metrics would stand in its own answer.
  const exposition = await obs.metrics.registry.metrics();
  await printReport({ exposition, managementUrl: management.url, spans: keeper.spans });
}

/** No new work, then the open requests, then what the signals still hold. */
async function shutDown() {
  obs.health.drain();
  await traffic.stop();
  service.endStreams();
  await new Promise((closed) => server.close(closed));
  const before = keeper.total();
  await obs.close();
  console.log(
    `\nStopped: ${keeper.total()} spans handed over, ${keeper.total() - before} of them on closing; the log is flushed.`,
  );
}
