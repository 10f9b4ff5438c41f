import { ObservabilityError } from "../../../errors.js";

/** What a hook is called with. */
export interface HookContext {
  /** The name it was registered by. */
  readonly name: string;
  /** Aborted when its time is up. */
  readonly signal: AbortSignal;
  /** Why the service ends: the signal, or what `shutdown()` was given. */
  readonly reason: string;
}

/** Awaited; what it throws or rejects with is logged. */
export type ShutdownHook = (context: HookContext) => unknown;

/** Options of a cleanup hook. */
export interface ShutdownHookOptions {
  /** Longest wait for this hook, milliseconds. Default: what is left of `hooksTimeoutMs`, less a reserve for the hooks after it. */
  readonly timeoutMs?: number;
}

/** A hook that is registered. */
export interface HookEntry {
  readonly name: string;
  readonly hook: ShutdownHook;
  readonly timeoutMs: number;
}

/** Hooks in the order of their registration. */
export interface Hooks {
  /** Adds a hook and returns its removal. Throws ObservabilityError TELLTALE_OPTION. */
  add(name: string, hook: ShutdownHook, options?: ShutdownHookOptions): () => void;
  list(): readonly HookEntry[];
}

/** Makes an empty list; `method` is what its errors name. */
export function createHooks(method: string): Hooks {
  const entries = new Set<HookEntry>();
  return {
    add(name, hook, { timeoutMs = Number.POSITIVE_INFINITY } = {}) {
      expectThat(typeof name === "string" && name !== "", `${method}: expected a name, got ${String(name)}.`);
      expectThat(typeof hook === "function", `${method}: ${name}: expected a function, got ${typeof hook}.`);
      expectThat(
        typeof timeoutMs === "number" && timeoutMs > 0,
        `${method}: ${name}: timeoutMs: expected a number above 0, got ${String(timeoutMs)}.`,
      );
      const entry = { name, hook, timeoutMs };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    list: () => [...entries],
  };
}

function expectThat(holds: boolean, complaint: string): void {
  if (!holds) throw new ObservabilityError("TELLTALE_OPTION", complaint);
}
