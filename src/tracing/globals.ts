import type { ContextManager, DiagLogger, TextMapPropagator, TracerProvider } from "@opentelemetry/api";

/** What @opentelemetry/api 1.x keeps one of per process. */
interface ApiGlobals {
  /** Version of the api copy that registered first. */
  version: string;
  context: ContextManager;
  diag: DiagLogger;
  propagation: TextMapPropagator;
  trace: TracerProvider;
}

/** A place in the registry of @opentelemetry/api. */
export type Slot = Exclude<keyof ApiGlobals, "version">;

/** How a slot is taken and given back. */
export interface Registration {
  /** True when the api accepted it. */
  register(): boolean;
  unregister(): void;
}

interface Shared {
  /** What a telltale instance put in each slot. */
  readonly owned: { [S in Slot]?: ApiGlobals[S] };
  /** Live instances that want each slot, oldest first. */
  readonly claims: { readonly [S in Slot]: Set<Registration> };
}

// Read directly: the api's own getters hide what a newer copy registered, and its setters log an error over a taken slot.
const API: symbol = Symbol.for("opentelemetry.js.api.1");
const SHARED: symbol = Symbol.for("telltale.globals");
const NOTHING: Partial<ApiGlobals> = Object.freeze({});
const host = globalThis as { [key: symbol]: unknown };

function sharedState(): Shared {
  const claims = {
    context: new Set<Registration>(),
    diag: new Set<Registration>(),
    propagation: new Set<Registration>(),
    trace: new Set<Registration>(),
  };
  host[SHARED] ??= { owned: {}, claims } satisfies Shared;
  return host[SHARED] as Shared;
}

const shared: Shared = sharedState();

/** The process-wide registry of @opentelemetry/api, whichever copy of it wrote there; empty before anything is registered. */
export function apiGlobals(): Readonly<Partial<ApiGlobals>> {
  return (host[API] as Partial<ApiGlobals> | undefined) ?? NOTHING;
}

/** What somebody other than telltale registered in `slot`, if anybody did. */
export function foreign<S extends Slot>(slot: S): ApiGlobals[S] | undefined {
  const current = apiGlobals()[slot];
  return current === shared.owned[slot] ? undefined : current;
}

function take<S extends Slot>(slot: S, registration: Registration): boolean {
  if (!registration.register()) return false;
  const current = apiGlobals()[slot];
  if (current !== undefined) shared.owned[slot] = current;
  return true;
}

/**
 * Registers in `slot` unless somebody has; returns the release, which hands the slot on to the next live instance.
 * The release is idempotent and leaves what a stranger registered alone.
 */
export function claim(slot: Slot, registration: Registration): () => void {
  const claims = shared.claims[slot];
  let owned = apiGlobals()[slot] === undefined && take(slot, registration) ? apiGlobals()[slot] : undefined;
  const waiting: Registration = {
    unregister: registration.unregister,
    register() {
      const taken = registration.register();
      if (taken) owned = apiGlobals()[slot];
      return taken;
    },
  };
  claims.add(waiting);
  return () => {
    if (!claims.delete(waiting) || owned === undefined || apiGlobals()[slot] !== owned) return;
    waiting.unregister();
    delete shared.owned[slot];
    for (const next of claims) if (take(slot, next)) return;
  };
}
