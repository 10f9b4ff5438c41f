import { createExposition, type Exposition } from "../exposition/exposition.js";
import type { Declaration } from "../families/declaration.js";
import { createMisuse, type ReportMisuse } from "../families/misuse.js";
import { createRegistry } from "../registry.js";
import type { FleetFamily } from "./fleet-family.js";
import type { FleetClient, ForeignFamily } from "./fleet-foreign.js";
import { createSources } from "./fleet-sources.js";
import { createStands, type Stands } from "./fleet-stands.js";
import { type Fleet, UPDATE_VERSION, type Update } from "./types.js";

/** What a fleet is made from. */
export interface FleetParts {
  /** The prom-client of the instance that shows the sum. */
  readonly client: FleetClient;
  /** Labels on every series. */
  readonly labels: Readonly<Record<string, string>>;
  /** Told about what cannot be added up. */
  readonly report: ReportMisuse;
  /** Milliseconds, monotonic; what `ttlMs` is measured with. Default: `performance.now()`. */
  readonly now?: () => number;
}

/** A fleet with the exposition of its view. */
export interface ExposedFleet extends Fleet {
  readonly exposition: Exposition;
}

/** Makes a fleet without sources. */
export function createFleet({ client, labels, report, ...parts }: FleetParts): ExposedFleet {
  const now = parts.now ?? (() => performance.now());
  const declarations = new WeakMap<object, Declaration>();
  const exposition = createExposition({ ...parts, client, report, declarations });
  const registry = createRegistry({ client, labels, exposition, report });
  const misuse = createMisuse("fleet", report);
  const stands = createStands({ registry, declarations, report });
  const sources = createSources({ client, now, stands });

  // What another process tells is foreign data: whatever is wrong with it, the sum goes on.
  function attempt(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      misuse.count(what, () => `${what} failed and was left out: ${String(error)}`);
    }
  }

  function apply(source: string, update: Update): void {
    const refusal = refuses(update, sources.has(source));
    if (refusal === undefined) attempt("an update", () => sources.apply(source, update));
    else misuse.count("refusal", () => refusal);
  }

  return {
    view: { registry, declarations },
    exposition,
    apply,
    retire: (source) => attempt("a retirement", () => sources.retire(source)),
    legacy: () => legacyOf(stands),
  };
}

function refuses(update: Update | null | undefined, isKnown: boolean): string | undefined {
  if (update?.version !== UPDATE_VERSION)
    return `found an update of version ${String(update?.version)}; expected ${UPDATE_VERSION}, that of this process. It was left out.`;
  if (isKnown || update.isWhole) return undefined;
  return "found changes of a source of which nothing is known; expected all it has at first. They were left out.";
}

function legacyOf(stands: Stands): Update {
  const shown = stands.shown();
  const families = (shown.filter(({ declaration }) => declaration !== undefined) as FleetFamily[])
    .map((family, id) => family.legacy(id))
    .filter((update) => update !== undefined);
  const foreign = (shown.filter(({ declaration }) => declaration === undefined) as ForeignFamily[])
    .map((family) => family.legacy())
    .filter((samples) => samples !== undefined);
  return { version: UPDATE_VERSION, isWhole: true, families, gone: [], foreign };
}
