import diagnosticsChannel from "node:diagnostics_channel";
import { isMainThread } from "node:worker_threads";
import { redisClients } from "../collectors/cache/redis-clients.js";
import { mysql2Clients } from "../collectors/db/mysql2-clients.js";
import { incoming } from "../collectors/http/incoming.js";
import { isObservabilityError } from "../errors.js";
import { isOwn } from "../health/shutdown/servers/own-server.js";
import { createObservability } from "../observability.js";
import type { Environment } from "../options.js";
import { isRegistered, noteRegistered } from "../registered.js";
import { openPort } from "./port.js";
import { fallbackService, isLauncher } from "./service-name.js";

/** Observes this thread as the environment says, once. Never throws: without a good option the application runs unobserved. */
export function register(): void {
  if (isRegistered() || isLauncher(process.argv[1])) return;
  try {
    start(process.env);
  } catch (error) {
    complain(error);
  }
}

function start(env: Environment): void {
  const service = fallbackService(env, process.argv[1]);
  const obs = createObservability(service === undefined ? {} : { service });
  obs.use(incoming, diagnosticsChannel, { ignores: isOwn });
  obs.use(redisClients, diagnosticsChannel, { ioredis: env["TELLTALE_REGISTER_IOREDIS"] === "true" });
  obs.use(mysql2Clients, diagnosticsChannel);
  // The port of a process is its main thread's, which answers for the others.
  const closePort = isMainThread ? openPort(obs) : () => undefined;
  process.once("beforeExit", flush);
  noteRegistered(() => {
    process.removeListener("beforeExit", flush);
    closePort();
    obs.logger.component("telltale").info("register steps back: the application calls createObservability()");
    void obs.close();
  });

  // What a short program leaves behind would be lost: its last spans wait for a batch.
  function flush(): void {
    void obs.close();
  }
}

function complain(error: unknown): void {
  const reason = isObservabilityError(error) ? error.message : String((error as Error)?.stack ?? error);
  process.stderr.write(`telltale/register: ${reason} The application runs unobserved.\n`);
}
