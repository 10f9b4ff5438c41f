const KNOWN = Symbol.for("telltale.known-registries");

// One list a process, whichever copy of this package made it: what one instance has adopted or told of, another need
// not tell of again.
function known(): WeakSet<object> {
  const owner = globalThis as { [KNOWN]?: WeakSet<object> };
  return (owner[KNOWN] ??= new WeakSet());
}

/** Notes that a registry was adopted, or that its being left out was told. */
export function markKnown(registry: object): void {
  known().add(registry);
}

/** True for a registry that was noted by any instance of this process. */
export function isKnown(registry: object): boolean {
  return known().has(registry);
}
