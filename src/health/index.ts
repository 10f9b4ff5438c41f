import { createChecks } from "./checks.js";
import { createEvaluate } from "./evaluate.js";
import { createPlugin, type HealthPlugin } from "./fastify.js";
import { createLifecycle } from "./lifecycle.js";
import { answerMethod, answerStatus, type HealthResponse, isReading } from "./respond.js";
import { type Answer, createRoutes, type HealthMiddleware, type HealthRequest } from "./router.js";
import type {
  HealthCheck,
  HealthCheckOptions,
  HealthHooks,
  HealthSettings,
  HealthState,
  HealthStatus,
} from "./types.js";

export type { HealthPlugin } from "./fastify.js";
export type { HealthResponse } from "./respond.js";
export type { HealthMiddleware, HealthRequest } from "./router.js";
export type * from "./types.js";

/** The health of a service and the endpoints that tell it: `/health` `/ready` `/live` `/startup`. */
export interface Health {
  /** Express middleware; passes on what is not its own, at the root and under any mount. */
  router(): HealthMiddleware;
  /** Fastify plugin with the same endpoints. */
  readonly fastify: HealthPlugin;
  /** For node:http: answers and returns true, or returns false when the path is not its own. */
  handler(req: HealthRequest, res: HealthResponse): boolean;
  /** Adds a check and returns its removal. Throws ObservabilityError TELLTALE_OPTION on a bad option or a name that is taken. */
  registerHealthCheck(name: string, check: HealthCheck, options?: HealthCheckOptions): () => void;
  /** What `/health` would answer, after running the checks that are due. Never rejects. */
  getHealthStatus(): Promise<HealthStatus>;
  /** Ends the state `starting`, in which `/ready` and `/startup` answer 503. */
  markStarted(): void;
  /** Turns `/ready` by hand; the reason is logged, never answered. */
  setReady(ready: boolean, reason?: string): void;
  /** Keeps `/ready` at 503 until `task` is fulfilled; one that is rejected keeps it so until `setReady(true)`. */
  blockReadiness(task: PromiseLike<unknown>): void;
  /** Makes `/ready` answer 503 at once and for good; `/live` stays 200. */
  drain(reason?: string): void;
  /** Ends polling and aborts the checks that run; the endpoints go on answering. */
  stopChecks(): void;
  /** Where the service is in its life. */
  readonly state: HealthState;
  /** Drains when nobody has, ends the checks and forgets them; the state is `stopped`. */
  close(): void;
}

/** Makes the health of one service. It keeps no timer: checks run when somebody asks. */
export function createHealth(settings: HealthSettings, hooks: HealthHooks): Health {
  const { basePath, timeoutMs } = settings;
  const { log, now = () => performance.now() } = hooks;
  const lifecycle = createLifecycle();
  const checks = createChecks({ timeoutMs, log, now });
  const evaluate = createEvaluate(lifecycle, checks);
  const fault = (error: unknown): void => log.warn({ err: error }, "health: a probe could not be answered");

  const answer: Answer = async (endpoint, { raw, method }) => {
    try {
      hooks.onServe(raw);
    } catch (error) {
      fault(error);
    }
    return isReading(method) ? answerStatus(await evaluate(endpoint)) : answerMethod();
  };

  const routes = createRoutes(basePath, answer, fault);
  return {
    router: () => routes.middleware,
    fastify: createPlugin(basePath, answer),
    handler: routes.handler,
    registerHealthCheck: (name, check, options = {}) => checks.register(name, check, options),
    getHealthStatus: () => evaluate("health"),
    markStarted: lifecycle.markStarted,
    setReady(ready, reason) {
      lifecycle.setReady(ready);
      log.info(
        { event: "health_ready", ready, ...(reason === undefined ? {} : { reason }) },
        ready ? "ready" : "not ready",
      );
    },
    blockReadiness: lifecycle.block,
    drain: lifecycle.drain,
    stopChecks: checks.close,
    get state() {
      return lifecycle.state();
    },
    close() {
      checks.close();
      lifecycle.stop();
    },
  };
}
