import type { ShutdownHook, ShutdownHookOptions } from "./hooks/hooks.js";
import type { WebSocketServerLike } from "./hooks/upgrades.js";

export type { HookContext, ShutdownHook, ShutdownHookOptions } from "./hooks/hooks.js";
export type { WebSocketServerLike } from "./hooks/upgrades.js";

/** How a shutdown ended. */
export interface ShutdownOutcome {
  /** The signal, or what `shutdown()` was given. */
  readonly reason: string;
  /** 0 when all went well; 1 when a hook failed or took too long, the hard deadline passed or an exception began it. */
  readonly exitCode: 0 | 1;
  /** What failed, by name. */
  readonly failures: readonly string[];
  /** How many requests were cut. */
  readonly cutRequests: number;
}

/** The ordered end of a service. */
export interface ShutdownFace {
  /**
   * Ends the service in order: not ready, drained, servers closed, hooks run, telemetry flushed. Never rejects; a second call
   * returns the first's promise. Ends the process only with the option `health.shutdown`.
   *
   * @param reason Told in the log and to the hooks. Default: "shutdown".
   */
  shutdown(reason?: string): Promise<ShutdownOutcome>;
  /**
   * Calls `hook` at the very start, beside the others, while requests are still served: to stop consumers, to leave a
   * registry. Returns its removal. Throws TELLTALE_OPTION.
   */
  onDrain(name: string, hook: ShutdownHook): () => void;
  /**
   * Says goodbye to upgraded connections when the servers close: a server of `ws`, whose clients are closed with 1001, or
   * code of your own. What is still open after `upgradeTimeoutMs` is destroyed. Returns its removal.
   */
  onUpgradeClose(target: WebSocketServerLike | ShutdownHook): () => void;
  /**
   * Calls `hook` once no request is open, the one registered last first: to close pools and clients. An error or a
   * timeout is logged and makes the exit code 1; the other hooks still run. Returns its removal. Throws TELLTALE_OPTION.
   */
  onShutdown(name: string, hook: ShutdownHook, options?: ShutdownHookOptions): () => void;
}

/** What began a shutdown. */
export interface Trigger {
  readonly reason: string;
  readonly signal?: NodeJS.Signals;
  /** The exception that began it. */
  readonly error?: unknown;
}
