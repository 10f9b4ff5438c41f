import { type Answer, createAnswer } from "./answer.js";
import { createHealthCore, type HealthCore, type HealthHooks } from "./core.js";
import type { Health, HealthListenOptions, HealthServer, OpenPort } from "./face.js";
import { createPlugin } from "./fastify.js";
import { indicators } from "./indicators/index.js";
import { createInquiries } from "./inquiries.js";
import { listPaths } from "./paths.js";
import { FAULT_ANSWER, type HealthAnswer, type HealthResponse } from "./respond.js";
import { createRoutes, type HealthRequest, type HealthRoutes } from "./router.js";
import type { HealthSettings } from "./settings.js";
import { startWatchdog, type Watchdog } from "./watchdog/watchdog.js";

export type { HealthHooks } from "./core.js";
export type { Health, HealthServer } from "./face.js";
export type { HealthMiddleware } from "./router.js";
export type { HealthSettings } from "./settings.js";
export type * from "./types.js";

/** Makes the health of one service. Its checks poll with timers that keep no process alive. */
export function createHealth(settings: HealthSettings, hooks: HealthHooks, openPort: OpenPort): Health {
  const core = createHealthCore(settings, hooks);
  const { lifecycle, checks, transitions } = core;
  const watchdog = createWatchdog(settings, hooks, core);
  const lastStall = () => watchdog?.lastStall();
  const answer = createGuardedAnswer(
    hooks,
    core,
    createAnswer({ ...core, settings, lastStall, fault: hooks.onFault }),
  );
  const routes = createRoutes(settings, answer, hooks.onFault);
  const servers: HealthServer[] = [];

  async function open(where: HealthListenOptions): Promise<HealthServer> {
    const server = await openPort(routes.handler, where);
    servers.push(server);
    return server;
  }

  return {
    router: () => routes.middleware,
    fastify: createPlugin(settings, answer),
    handler: routes.handler,
    serveHealthEndpoint: serveWith(routes, open),
    ...createInquiries(core),
    registerHealthCheck: (name, check, options = {}) => checks.register(name, check, options),
    hasCheck: checks.has,
    indicators,
    markStarted: lifecycle.markStarted,
    setReady: lifecycle.setReady,
    blockReadiness: lifecycle.block,
    onTransition: transitions.on,
    drain: lifecycle.drain,
    stopChecks: checks.stop,
    get state() {
      return lifecycle.state();
    },
    async close() {
      checks.stop();
      lifecycle.stop();
      transitions.close();
      await Promise.allSettled([watchdog?.close(), ...servers.map((server) => server.close())]);
      checks.close();
    },
  };
}

function serveWith(
  routes: HealthRoutes,
  open: (where: HealthListenOptions) => Promise<HealthServer>,
): Health["serveHealthEndpoint"] {
  function serveHealthEndpoint(req: HealthRequest, res: HealthResponse): boolean;
  function serveHealthEndpoint(where: HealthListenOptions): Promise<HealthServer>;
  function serveHealthEndpoint(
    first: HealthRequest | HealthListenOptions,
    res?: HealthResponse,
  ): boolean | Promise<HealthServer> {
    return res === undefined
      ? open(first as HealthListenOptions)
      : routes.handler(first as HealthRequest, res);
  }
  return serveHealthEndpoint;
}

/** Announces each request, and answers 500 rather than fail. */
function createGuardedAnswer(hooks: HealthHooks, core: HealthCore, answer: Answer): Answer {
  return (target, req) => {
    core.guard(() => hooks.onServe(req));
    let made: HealthAnswer = FAULT_ANSWER;
    core.guard(() => {
      made = answer(target, req);
    });
    return made;
  };
}

function createWatchdog(
  settings: HealthSettings,
  { log, onFault }: HealthHooks,
  { evaluator }: HealthCore,
): Watchdog | undefined {
  const { watchdog, sampleMs, threshold } = settings.liveness;
  if (watchdog === undefined) return undefined;
  return startWatchdog({
    port: watchdog.port,
    host: watchdog.host,
    sampleMs,
    threshold,
    paths: [...listPaths(settings)].flatMap(([path, endpoint]) => (endpoint === "live" ? [path] : [])),
    detailed: settings.details.public !== "none",
    isLive: () => evaluator.peek("live").status !== "unhealthy",
    onListen: (port) =>
      log.info({ event: "health_watchdog", port }, `health: the watchdog listens on port ${port}`),
    onFault,
  });
}
