import type { RegisteredMetric } from "../exposition/print-metric.js";
import { createMisuse, type ReportMisuse } from "../families/misuse.js";
import { findClash } from "../families/name-clash.js";
import { refuse } from "../families/validate.js";
import { hasMethods } from "./client-shape.js";
import { markKnown } from "./known-registries.js";
import { withLabels } from "./labelled-metric.js";

/** A registry of any copy and kind of prom-client, as far as taking it over needs it. */
export interface AdoptableRegistry {
  /** What is registered in it. */
  getMetricsAsArray(): readonly object[];
}

/** Metrics that show though they are not registered, given those that are: each name once. Never throws. */
export type Beside = (own: readonly RegisteredMetric[]) => readonly RegisteredMetric[];

/** The registries whose metrics show beside our own. */
export interface Adoptions {
  /** Takes a registry over; returns the undo, which is idempotent. Throws TELLTALE_TARGET on anything else. */
  adopt(registry: AdoptableRegistry): () => void;
  readonly beside: Beside;
}

// prom-client up to 12 has callbacks of the registry, which set the values that are read.
type ReadableRegistry = AdoptableRegistry & {
  readonly _defaultLabels?: Readonly<Record<string, string>>;
  collect?(): void;
};

/** Makes the list of registries taken over by one registry. */
export function createAdoptions(report: ReportMisuse): Adoptions {
  const adopted = new Map<symbol, ReadableRegistry>();
  const tell = createTeller(report);

  function read(registry: ReadableRegistry): readonly RegisteredMetric[] {
    try {
      registry.collect?.();
      return registry.getMetricsAsArray() as readonly RegisteredMetric[];
    } catch (error) {
      tell("an adopted registry", `could not be read and was left out: ${String(error)}`);
      return [];
    }
  }

  return {
    adopt(registry) {
      checkRegistry(registry);
      const key = Symbol("adopted");
      adopted.set(key, registry);
      markKnown(registry);
      return () => void adopted.delete(key);
    },
    beside(own) {
      if (adopted.size === 0) return [];
      const shown = new Map(own.map((metric) => [metric.name, metric]));
      return [...adopted.values()].flatMap((registry) =>
        read(registry)
          .filter((metric) => isNew(metric, shown, tell))
          .map((metric) => withLabels(metric, registry._defaultLabels ?? {})),
      );
    },
  };
}

type Tell = (name: string, message: string) => void;

function isNew(metric: RegisteredMetric, shown: Map<string, RegisteredMetric>, tell: Tell): boolean {
  const known = shown.get(metric.name);
  const clash = known === undefined ? findClash(metric, (name) => shown.get(name)) : metric.name;
  if (clash === undefined) shown.set(metric.name, metric);
  // The same metric may stand in both registries.
  else if (known !== metric)
    tell(metric.name, `found in an adopted registry too, where it clashes with "${clash}". It is not shown.`);
  return clash === undefined;
}

function createTeller(report: ReportMisuse): Tell {
  const told = new Set<string>();
  return (name, message) => {
    if (told.has(`${name} ${message}`)) return;
    told.add(`${name} ${message}`);
    createMisuse(name, report).tell(() => message);
  };
}

function checkRegistry(registry: unknown): void {
  if (hasMethods(registry, ["getMetricsAsArray", "registerMetric"])) return;
  refuse("TELLTALE_TARGET", {
    what: "adopt()",
    found: registry,
    expected: "a registry of prom-client or its kin, such as client.register",
  });
}
