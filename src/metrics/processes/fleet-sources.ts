import type { FamilySamples } from "../families/samples.js";
import { createFleetFamily, type FleetFamily, shapeOf } from "./fleet-family.js";
import {
  createForeignFamily,
  type FleetClient,
  type ForeignFamily,
  shapeOfForeign,
} from "./fleet-foreign.js";
import type { Stands, Variant } from "./fleet-stands.js";
import type { FamilyUpdate, Update } from "./types.js";

/** What the sources of a fleet are made from. */
export interface SourcesParts {
  readonly client: FleetClient;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly stands: Stands;
}

/** What a source has: its families by the number under which it tells of them, and the foreign ones. */
interface Source {
  readonly families: Map<number, FleetFamily>;
  foreign: ReadonlySet<ForeignFamily>;
}

/** The sources of a fleet. */
export interface Sources {
  has(name: string): boolean;
  /** Takes over what a source told. Throws when it makes no sense. */
  apply(name: string, update: Update): void;
  retire(name: string): void;
}

/** Makes sources, of which there are none yet. */
export function createSources(parts: SourcesParts): Sources {
  const { stands } = parts;
  const sources = new Map<string, Source>();

  function leave(name: string, variants: Iterable<Variant>): void {
    for (const variant of variants) {
      variant.leave(name);
      stands.settle(variant.name);
    }
  }

  function takeFamilies(name: string, { families }: Source, { families: updates, isWhole }: Update): void {
    for (const update of updates) {
      const family = families.get(update.id) ?? familyOf(parts, update);
      if (family === undefined) continue;
      families.set(update.id, family);
      family.apply(name, update, isWhole);
    }
  }

  function takeForeign(name: string, source: Source, foreign: readonly FamilySamples[]): void {
    const before = source.foreign;
    const told = new Map(
      foreign
        .filter(({ aggregator }) => aggregator !== "omit")
        .map((samples) => [foreignOf(parts, samples), samples] as const),
    );
    source.foreign = new Set(told.keys());
    for (const [family, samples] of told) family.apply(name, samples);
    leave(name, without(before, source.foreign));
  }

  function apply(name: string, update: Update): void {
    const before = sources.get(name);
    const isNew = update.isWhole || before === undefined;
    const source = isNew ? { families: new Map(), foreign: before?.foreign ?? new Set() } : before;
    sources.set(name, source);
    takeFamilies(name, source, update);
    takeForeign(name, source, update.foreign);
    if (isNew) leave(name, without(before?.families.values() ?? [], new Set(source.families.values())));
    const gone = update.gone.map((id) => source.families.get(id)).filter((family) => family !== undefined);
    for (const id of update.gone) source.families.delete(id);
    leave(name, gone);
  }

  function retire(name: string): void {
    const source = sources.get(name);
    sources.delete(name);
    for (const variant of [...(source?.families.values() ?? []), ...(source?.foreign ?? [])]) {
      variant.retire(name);
      stands.settle(variant.name);
    }
  }

  return { has: (name) => sources.has(name), apply, retire };
}

function familyOf({ stands, now }: SourcesParts, { definition }: FamilyUpdate): FleetFamily | undefined {
  if (definition === undefined || definition.aggregator === "omit") return undefined;
  const key = { name: definition.name, shape: shapeOf(definition) };
  return stands.of(key, (misuse) => createFleetFamily({ definition, misuse, now }));
}

function foreignOf({ stands, client }: SourcesParts, samples: FamilySamples): ForeignFamily {
  const key = { name: samples.name, shape: shapeOfForeign(samples) };
  return stands.of(key, (misuse) => createForeignFamily(samples, { client, misuse }));
}

function without<V>(all: Iterable<V>, kept: ReadonlySet<V>): V[] {
  return [...all].filter((one) => !kept.has(one));
}
