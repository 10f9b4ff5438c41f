import type { Logger } from "pino";
import type { Catalog } from "./catalog.js";
import type { Collector, Declare, Detach, DomainName, FamilySpec, Probe, Scope } from "./collector.js";
import { ObservabilityError } from "./errors.js";
import type { Faults } from "./guard.js";
import type { HealthCheckOptions } from "./health/index.js";
import type { FamilyOptions } from "./metrics/types.js";

/** What a scope is made from. */
export interface ScopeParts {
  readonly catalog: Catalog;
  readonly faults: Faults;
  logger(component: string): Logger;
  /** The vocabulary of a domain. */
  domain(name: DomainName): unknown;
  /** Registers a readiness check; returns its removal. */
  check(name: string, probe: Probe, options: CheckOptions): Detach;
  /** Shows how much of a pool is left, where `target` is one; returns its removal. */
  connections(target: unknown, instance: string | undefined): Detach;
  /** Calls `read` before each scrape; returns its removal. */
  sample(read: () => void | Promise<void>): Detach;
}

/** What is said of the checks of one attachment; `false` for none. */
export type CheckOptions = false | Omit<HealthCheckOptions, "replace">;

/** One attachment. */
export interface Attached {
  /** Its name in labels, checks and logs. */
  readonly instance: string;
  readonly check: CheckOptions;
}

/** A scope and what ends it. */
export interface OpenScope {
  readonly scope: Scope;
  /** Aborts the signal and removes the samples and checks. */
  close(): void;
}

/** Makes the scope of one attached instance: whatever the collector registers through it ends with it. */
export function openScope(
  parts: ScopeParts,
  collector: Pick<Collector, "name" | "domain" | "families">,
  { instance, check }: Attached,
): OpenScope {
  const controller = new AbortController();
  const undo: Detach[] = [];
  const scope: Scope = {
    instance,
    domain: parts.domain(collector.domain as DomainName),
    signal: controller.signal,
    log: parts.logger(collector.name),
    guard: parts.faults.guard,
    sample: (read) => void undo.push(parts.sample(read)),
    check: (name, probe) => void undo.push(parts.check(name, probe, check)),
    declare: declaredOnly(parts.catalog.for(collector.name), collector),
  };
  return {
    scope,
    close() {
      controller.abort();
      for (const detach of undo.splice(0)) parts.faults.guard("collector", detach);
    },
  };
}

function declaredOnly(
  declare: Declare,
  collector: { readonly name: string; readonly families?: readonly FamilySpec[] },
): Declare {
  const names = new Set(collector.families?.map(({ name }) => name));
  const checked = <O extends Pick<FamilyOptions, "name">>(options: O): O => {
    if (names.has(options.name)) return options;
    throw new ObservabilityError(
      "TELLTALE_FAMILY",
      `collector ${collector.name}: ${options.name} is not in its families; list it there first.`,
    );
  };
  return {
    counter: (options) => declare.counter(checked(options)),
    gauge: (options) => declare.gauge(checked(options)),
    histogram: (options) => declare.histogram(checked(options)),
  };
}
