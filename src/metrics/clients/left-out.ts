import type { RegisteredMetric } from "../exposition/print-metric.js";
import { createMisuse, type ReportMisuse } from "../families/misuse.js";
import type { AdoptableRegistry } from "./adoptions.js";
import { hasMethods } from "./client-shape.js";
import { isKnown, markKnown } from "./known-registries.js";

/** The modules of a process by their file, as `require.cache` has them. */
export type LoadedModules = Readonly<Record<string, { readonly exports: unknown } | undefined>>;

/** What is looked through. */
export interface LeftOutParts {
  readonly report: ReportMisuse;
  readonly modules: () => LoadedModules;
}

const REGISTRY_FILE = /[\\/]lib[\\/]registry\.c?js$/;
const MOST_NAMES = 3;

/**
 * Tells once about each copy of prom-client in this process whose default registry has metrics that do not show. It
 * loads nothing, and looks at the 1st, 10th, 100th … scrape only: metrics may be declared late, and a scrape is to
 * stay cheap.
 */
export function createLeftOutWatch({
  report,
  modules,
}: LeftOutParts): (own: readonly RegisteredMetric[]) => void {
  const misuse = createMisuse("prom-client", report);
  let scrapes = 0;

  function look({ folder, registry }: DefaultRegistry, own: readonly RegisteredMetric[]): void {
    try {
      const names = namesOf(registry, own);
      if (names.length === 0) return;
      markKnown(registry);
      misuse.tell(() => messageOf(folder, names));
    } catch (error) {
      misuse.tell(() => `the default registry of ${folder} could not be read: ${String(error)}`);
    }
  }

  return (own) => {
    scrapes++;
    if (!Number.isInteger(Math.log10(scrapes))) return;
    for (const found of defaultRegistries(modules())) if (!isKnown(found.registry)) look(found, own);
  };
}

interface DefaultRegistry {
  /** Where the copy is installed. */
  readonly folder: string;
  readonly registry: AdoptableRegistry;
}

function namesOf(registry: AdoptableRegistry, own: readonly RegisteredMetric[]): string[] {
  const metrics = registry.getMetricsAsArray() as readonly RegisteredMetric[];
  return metrics.filter((metric) => !own.includes(metric)).map(({ name }) => name);
}

function defaultRegistries(modules: LoadedModules): DefaultRegistry[] {
  return Object.keys(modules)
    .filter((file) => REGISTRY_FILE.test(file))
    .flatMap((file) => {
      const registry = defaultRegistryOf(modules[file]?.exports);
      return registry === undefined ? [] : [{ folder: file.replace(REGISTRY_FILE, ""), registry }];
    });
}

// By descriptor, so that no getter of a stranger's module is run.
function defaultRegistryOf(exports: unknown): AdoptableRegistry | undefined {
  if (typeof exports !== "function") return undefined;
  const registry: unknown = Object.getOwnPropertyDescriptor(exports, "globalRegistry")?.value;
  return hasMethods(registry, ["getMetricsAsArray", "registerMetric"])
    ? (registry as AdoptableRegistry)
    : undefined;
}

function messageOf(folder: string, names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  const list = names.slice(0, MOST_NAMES).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  return `the default registry of ${folder} has metrics that do not show here: ${list}. To show them call obs.metrics.adopt(register) with it, or declare them with registers: [obs.metrics.registry].`;
}
