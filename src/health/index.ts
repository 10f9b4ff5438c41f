import { type Answer, createAnswer } from "./answer.js";
import { refusal } from "./checks/settings.js";
import { createHealthCore, type HealthCore, type HealthHooks } from "./core.js";
import { createPlugin, type HealthPlugin } from "./fastify.js";
import { type Indicators, indicators } from "./indicators/index.js";
import { listPaths } from "./paths.js";
import { presentCheck } from "./present.js";
import { FAULT_ANSWER, type HealthAnswer, type HealthResponse } from "./respond.js";
import { createRoutes, type HealthMiddleware, type HealthRequest, type HealthRoutes } from "./router.js";
import type { HealthSettings } from "./settings.js";
import { toStatus } from "./status.js";
import type { TransitionListener } from "./transitions.js";
import type {
  CheckGroup,
  CheckReport,
  DetailLevel,
  HealthCheck,
  HealthCheckOptions,
  HealthState,
  HealthStatus,
} from "./types.js";
import { startWatchdog, type Watchdog } from "./watchdog/watchdog.js";

export type { HealthHooks } from "./core.js";
export type { HealthPlugin } from "./fastify.js";
export type { HealthResponse } from "./respond.js";
export type { HealthMiddleware, HealthRequest } from "./router.js";
export type { HealthSettings } from "./settings.js";
export type * from "./types.js";

/** The health of a service and the endpoints that tell it: `/health` `/ready` `/live` `/startup`. */
export interface Health {
  /** Express middleware; passes on what is not its own, at the root and under any mount. */
  router(): HealthMiddleware;
  /** Fastify plugin with the same endpoints. */
  readonly fastify: HealthPlugin;
  /** For node:http: answers and returns true, or returns false when the path is not its own. */
  handler(req: HealthRequest, res: HealthResponse): boolean;
  /** The same as `handler`. */
  serveHealthEndpoint(req: HealthRequest, res: HealthResponse): boolean;
  /** Opens a port for the health endpoints alone. Rejects with TELLTALE_LISTEN. */
  serveHealthEndpoint(where: HealthListenOptions): Promise<HealthServer>;
  /**
   * Adds a check and returns its removal. It runs from the next turn on. Throws ObservabilityError TELLTALE_OPTION on a
   * bad option, a name that is taken, or checks that depend on one another in a circle.
   *
   * @example
   * obs.health.registerHealthCheck("database", () => pool.query("SELECT 1"));
   */
  registerHealthCheck(name: string, check: HealthCheck, options?: HealthCheckOptions): () => void;
  /** True when there is a check of this name. */
  hasCheck(name: string): boolean;
  /** What an endpoint would answer now. Default: `/health` at the level `data`. */
  getHealthStatus(options?: { group?: CheckGroup; level?: DetailLevel }): HealthStatus;
  /**
   * Runs one check now, or joins the run that is on. Rejects with TELLTALE_OPTION on an unknown name, and with the
   * signal's reason when that is aborted first.
   */
  checkComponentHealth(name: string, options?: { signal?: AbortSignal }): Promise<CheckReport>;
  /** Ready-made checks: `memory`, `disk`, `eventLoop`, `connections`, `queue`, `http`, `tcp`, `circuit`, `server`. */
  readonly indicators: Indicators;
  /** Ends the state `starting`, in which `/ready` and `/startup` answer 503. */
  markStarted(): void;
  /** Turns `/ready` by hand; the reason is logged, never answered. */
  setReady(ready: boolean, reason?: string): void;
  /** Keeps `/ready` at 503 until `task` is fulfilled; one that is rejected keeps it so until `setReady(true)`. */
  blockReadiness(task: PromiseLike<unknown>): void;
  /** Calls `listener` at each change of a check, of the whole or of the state; returns its removal. */
  onTransition(listener: TransitionListener): () => void;
  /** Makes `/ready` answer 503 at once and for good; `/live` stays 200. */
  drain(reason?: string): void;
  /** Ends polling and aborts the checks that run; the endpoints go on answering with what is known. */
  stopChecks(): void;
  /** Where the service is in its life. */
  readonly state: HealthState;
  /** Drains when nobody has, ends the checks, the ports and the watchdog; the state is `stopped`. Never rejects. */
  close(): Promise<void>;
}

/** Where a port for health listens. */
export interface HealthListenOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Default: every interface. */
  readonly host?: string;
}

/** A port for health, open. */
export interface HealthServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a port whose requests `handler` answers, or 404. */
export type OpenPort = (
  handler: (req: HealthRequest, res: HealthResponse) => boolean,
  where: HealthListenOptions,
) => Promise<HealthServer>;

/** Makes the health of one service. Its checks poll with timers that keep no process alive. */
export function createHealth(settings: HealthSettings, hooks: HealthHooks, openPort: OpenPort): Health {
  const core = createHealthCore(settings, hooks);
  const { lifecycle, checks, transitions } = core;
  const answer = createGuardedAnswer(settings, hooks, core);
  const routes = createRoutes(settings, answer, hooks.onFault);
  const watchdog = createWatchdog(settings, hooks, core);
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

/** The parts of the API that ask. */
function createInquiries({
  checks,
  evaluator,
  clock,
}: HealthCore): Pick<Health, "getHealthStatus" | "checkComponentHealth"> {
  return {
    getHealthStatus: ({ group = "health", level = "data" } = {}) =>
      toStatus(evaluator.evaluate(group), level, clock),
    async checkComponentHealth(name, { signal } = {}) {
      if (!checks.has(name))
        throw refusal(
          name,
          "no check of this name",
          [...checks.views().keys()].join(", ") || "one that is registered",
        );
      await unlessAborted(checks.run(name), signal);
      const view = checks.views().get(name);
      return view === undefined ? { status: "unknown" } : presentCheck(view, "full", clock);
    },
  };
}

// By hand: AbortSignal.any() holds on to long-lived signals (nodejs/node#54614).
async function unlessAborted(run: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return run;
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([run, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Announces each request, and answers 500 rather than fail. */
function createGuardedAnswer(settings: HealthSettings, hooks: HealthHooks, core: HealthCore): Answer {
  const answer = createAnswer({ ...core, settings, fault: hooks.onFault });
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
