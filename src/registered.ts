const REGISTERED = Symbol.for("telltale.registered.1");

const host = globalThis as { [key: symbol]: (() => void) | "replaced" | undefined };

/** True once `telltale/register` has run in this thread, also when it has stepped back since. */
export function isRegistered(): boolean {
  return host[REGISTERED] !== undefined;
}

/** Notes what `telltale/register` set up, and how it steps back. */
export function noteRegistered(stepBack: () => void): void {
  host[REGISTERED] = stepBack;
}

/** Lets what `telltale/register` set up step back for an observability of the application's own, whose options are its own. */
export function replaceRegistered(): void {
  const stepBack = host[REGISTERED];
  if (typeof stepBack !== "function") return;
  host[REGISTERED] = "replaced";
  stepBack();
}
