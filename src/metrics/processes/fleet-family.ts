import type { Rows } from "../columns/rows.js";
import { createCounter } from "../families/counter.js";
import type { Definition } from "../families/definition.js";
import { createGauge } from "../families/gauge.js";
import { createHistogram } from "../families/histogram.js";
import type { Misuse } from "../families/misuse.js";
import type { Joining } from "./fleet-joining.js";
import { createLevels } from "./fleet-levels.js";
import { FleetRows } from "./fleet-rows.js";
import type { Variant } from "./fleet-stands.js";
import { createSums, type Sums } from "./fleet-sums.js";
import type { BornRow, FamilyUpdate } from "./types.js";

/** What a family of the fleet is made from. */
export interface FleetFamilyParts {
  /** As the first source told it. */
  readonly definition: Definition;
  readonly misuse: Misuse;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** A family of the fleet: what stands in the registry, and what its sources tell it. */
export interface FleetFamily extends Variant {
  /** Takes over what a source told. With `isWhole`, rows that are not in it are gone. */
  apply(source: string, update: FamilyUpdate, isWhole: boolean): void;
  /** What sources that are gone left; undefined when nothing. */
  legacy(id: number): FamilyUpdate | undefined;
}

const MAKERS = { counter: createCounter, gauge: createGauge, histogram: createHistogram } as const;

/** What families must share to be added up. Help and aggregator are taken from the first. */
export function shapeOf({ type, labelNames, bounds }: Definition): string {
  const labels =
    labelNames.length === 0 ? "without labels" : `with labels ${[...labelNames].sort().join(", ")}`;
  return `a ${type} ${labels}${bounds.length === 0 ? "" : ` and buckets ${bounds.join(", ")}`}`;
}

/** Makes a family without rows. Throws when it is of a kind that cannot be added up. */
export function createFleetFamily({ definition: told, misuse, now }: FleetFamilyParts): FleetFamily {
  const definition = definitionOf(told);
  const collect = async (): Promise<void> => fleetRows.settle();
  const { rows, face } = MAKERS[definition.type as keyof typeof MAKERS]({ definition, misuse, now, collect });
  const sums = isSummed(definition) ? createSums(rows) : undefined;
  const joining: Joining = sums ?? createLevels(rows);
  const fleetRows = new FleetRows(rows, joining);
  return {
    name: definition.name,
    shape: shapeOf(definition),
    metric: face,
    declaration: { definition, rows, face, collect, callbacks: new Set(), isForeign: false },
    get sources() {
      return fleetRows.sources;
    },
    get hasRows() {
      return rows.columns.live > 0;
    },
    apply: (source, update, isWhole) => fleetRows.apply(source, update, isWhole),
    leave: (source) => fleetRows.leave(source),
    retire: (source) => fleetRows.retire(source),
    legacy: (id) => (sums === undefined ? undefined : legacyOf({ id, definition, rows, sums, fleetRows })),
  };
}

// A gauge leaves when its sources forget it; that nobody changed it here says nothing.
function definitionOf(told: Definition): Definition {
  return { ...told, defaults: {}, ttlMs: told.type === "gauge" ? 0 : told.ttlMs };
}

function isSummed({ type, aggregator }: Definition): boolean {
  return type !== "gauge" && aggregator === "sum";
}

interface LegacyParts {
  readonly id: number;
  readonly definition: Definition;
  readonly rows: Rows;
  readonly sums: Sums;
  readonly fleetRows: FleetRows;
}

function legacyOf({ id, definition, rows, sums, fleetRows }: LegacyParts): FamilyUpdate | undefined {
  if (sums.retiredRows.size === 0) return undefined;
  const born = [...sums.retiredRows].map((row): BornRow => [row, false, ...rows.labels.textsAt(row)]);
  const blocks = [{ firstRow: 0, cells: sums.retiredCells() }];
  const natives = fleetRows.nativesLeft(sums.retiredRows);
  return { id, definition, width: rows.columns.width, gone: [], born, blocks, natives };
}
