import type { Collector, Detach, DomainName, Domains, Scope } from "./collector.js";
import { type AnyCollector, COLLECTORS } from "./collectors/index.js";
import { ObservabilityError } from "./errors.js";
import { type CheckOptions, openScope, type ScopeParts } from "./scope.js";

/** What can be said of an attachment. */
export interface AttachOptions {
  /** Name of the instance in labels, checks and logs. Default: the collector's name. */
  readonly name?: string;
  /** Options of its readiness check, where the collector has one; false for no check. */
  readonly check?: CheckOptions;
}

/** Everything that is attached to the service. */
export interface Attachments {
  /** Observes what is recognised by its shape: an app, a server, an agent. Throws TELLTALE_TARGET when nothing fits. */
  instrument(target: unknown, options?: AttachOptions): Detach;
  /** Observes with a collector named by hand, its options checked by type. Throws TELLTALE_TARGET on another shape. */
  use<T, O extends object, D extends DomainName>(
    collector: Collector<T, O, D>,
    target: T,
    options?: O & AttachOptions,
  ): Detach;
  /** Detaches everything. */
  close(): void;
}

/** Makes the keeper of attachments: each target once by a collector, whatever is detached twice is detached once. */
export function createAttachments(parts: ScopeParts): Attachments {
  const attached = new Map<unknown, Map<AnyCollector, Detach>>();

  function attach(collector: AnyCollector, target: unknown, options: AttachOptions): Detach {
    const own = attached.get(target) ?? new Map<AnyCollector, Detach>();
    const known = own.get(collector);
    if (known !== undefined) return known;
    const { name: instance = collector.name, check = {} } = options;
    const { scope, close } = openScope(parts, collector as unknown as Collector, { instance, check });
    const undo = collector.attach(target as never, scope as Scope<Domains[DomainName]>, options as never);
    const hide = check === false ? undefined : parts.connections(target, options.name);
    const detach = (): void => {
      if (!own.delete(collector)) return;
      if (own.size === 0) attached.delete(target);
      hide?.();
      parts.faults.guard("collector", undo);
      close();
    };
    attached.set(target, own.set(collector, detach));
    return detach;
  }

  return {
    instrument(target, options = {}) {
      const collector = COLLECTORS.find((candidate) => candidate.matches(target));
      if (collector === undefined) throw unknownTarget(target);
      return attach(collector, target, options);
    },
    use(collector, target, options) {
      if (!collector.matches(target)) throw wrongTarget(collector.name, target);
      return attach(collector as unknown as AnyCollector, target, options ?? {});
    },
    close() {
      for (const own of [...attached.values()].reverse()) for (const detach of [...own.values()]) detach();
    },
  };
}

function unknownTarget(target: unknown): ObservabilityError {
  const known = COLLECTORS.map(({ name }) => name).join(", ");
  return new ObservabilityError(
    "TELLTALE_TARGET",
    `instrument: no collector recognises ${describe(target)}. Known: ${known}. A collector of your own goes through use().`,
  );
}

function wrongTarget(name: string, target: unknown): ObservabilityError {
  return new ObservabilityError(
    "TELLTALE_TARGET",
    `use: ${describe(target)} has not the shape that collector ${name} attaches to.`,
  );
}

function describe(target: unknown): string {
  if (typeof target === "function") return `the function ${target.name || "(anonymous)"}`;
  if (typeof target !== "object" || target === null) return String(target);
  return `an object of class ${target.constructor?.name ?? "(none)"}`;
}
