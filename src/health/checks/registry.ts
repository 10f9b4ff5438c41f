import type { Apart } from "../apart.js";
import type { HealthClock } from "../clock.js";
import type { HealthCheck, HealthCheckOptions, Indicator } from "../types.js";
import { createPolledCheck } from "./check.js";
import { createLimiter } from "./limiter.js";
import { rejectCircle } from "./order.js";
import { type CheckDefaults, type CheckSettings, refusal, settleCheck } from "./settings.js";
import { type ChecksHooks, createSettle, type Entry, linksOf } from "./settle.js";
import type { CheckView } from "./views.js";

/** What `register` is told besides. */
export interface RegisterOptions extends HealthCheckOptions {
  /** The check gives way to another of its name. */
  readonly yields?: boolean;
}

/** The registered checks. */
export interface Checks {
  /** Throws ObservabilityError TELLTALE_OPTION. */
  register(name: string, check: HealthCheck, options: RegisterOptions): () => void;
  has(name: string): boolean;
  /** All checks as they stand; asks for those that run on demand. */
  views(): ReadonlyMap<string, CheckView>;
  /** Runs one now; never rejects. */
  run(name: string): Promise<void>;
  /** Ends polling for good and aborts what runs; the results stay. */
  stop(): void;
  /** Stops and forgets them. */
  close(): void;
}

/** What the checks are made of. */
export interface ChecksParts {
  readonly defaults: CheckDefaults;
  /** Most checks that run at once. */
  readonly concurrency: number;
  readonly clock: HealthClock;
  readonly apart: Apart;
  readonly hooks: ChecksHooks;
}

/** Makes an empty list of checks. Each begins to poll in the turn after its registration. */
export function createChecks({ defaults, concurrency, ...parts }: ChecksParts): Checks {
  const { clock, hooks, apart } = parts;
  const entries = new Map<string, Entry>();
  const limit = createLimiter(concurrency);
  const settle = createSettle(entries, clock, hooks);
  let stopped = false;

  function register(name: string, check: HealthCheck, options: RegisterOptions): () => void {
    const settings = settingsOf({ name, check, options }, defaults);
    const known = entries.get(name);
    if (known !== undefined && !known.yields && options.replace !== true)
      throw refusal(name, "a name that is taken", "one of its own, or replace: true");
    rejectCircle(name, settings.dependsOn, (at) => entries.get(at)?.settings.dependsOn ?? []);
    const links = linksOf(name, { settings, entries, hooks, settle });
    const polled = createPolledCheck({ name, check, settings, clock, limit, apart, ...links });
    const entry = newEntry({ settings, check: polled, yields: options.yields === true }, check, clock);
    if (known !== undefined) end(known, hooks.guard);
    entries.set(name, entry);
    adviseOptions(name, settings, hooks);
    if (!stopped) polled.start();
    return () => remove(name, entry);
  }

  function remove(name: string, entry: Entry): void {
    if (entries.get(name) !== entry) return;
    entries.delete(name);
    end(entry, hooks.guard);
    hooks.onRemove(name);
    settle();
  }

  function stop(): void {
    stopped = true;
    for (const entry of entries.values()) end(entry, hooks.guard);
  }

  return {
    register,
    has: (name) => entries.has(name),
    views() {
      for (const { check } of entries.values()) check.demand();
      return settle();
    },
    run: (name) => entries.get(name)?.check.run() ?? Promise.resolve(),
    stop,
    close() {
      stop();
      entries.clear();
    },
  };
}

function settingsOf(
  { name, check, options }: { name: string; check: HealthCheck; options: HealthCheckOptions },
  defaults: CheckDefaults,
): CheckSettings {
  if (typeof name !== "string" || name === "")
    throw refusal("name", JSON.stringify(name) ?? String(name), "a text that is not empty");
  if (typeof check !== "function") throw refusal(name, typeof check, "a function");
  return settleCheck(name, { ...(check as Partial<Indicator>).options, ...options }, defaults);
}

function newEntry(
  entry: Pick<Entry, "settings" | "check" | "yields">,
  check: HealthCheck,
  clock: HealthClock,
): Entry {
  const { dispose } = check as Partial<Indicator>;
  return { ...entry, dispose, told: "unknown", toldMs: clock.now(), isFirst: true };
}

function end({ check, dispose }: Entry, guard: ChecksHooks["guard"]): void {
  check.stop();
  if (dispose !== undefined) guard(dispose);
}

function adviseOptions(name: string, { kind, groups }: CheckSettings, hooks: ChecksHooks): void {
  if (kind === "dependency" && groups.has("live"))
    hooks.onAdvice(name, "a dependency is in the group live: the service is restarted when it is down");
}
