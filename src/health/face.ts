import type { HealthPlugin } from "./fastify.js";
import type { Indicators } from "./indicators/index.js";
import type { HealthResponse } from "./respond.js";
import type { HealthMiddleware, HealthRequest } from "./router.js";
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
