import type { Client } from "../exposition/print-metric.js";
import type { Misuse } from "../families/misuse.js";
import type { FamilySamples, Sample } from "../families/samples.js";
import type { Variant } from "./fleet-stands.js";

/** prom-client, as far as a fleet needs it. */
export type FleetClient = Client & Pick<typeof import("prom-client"), "AggregatorRegistry">;

/** A metric that prom-client or a third party records, joined as prom-client's cluster registry joins it. */
export interface ForeignFamily extends Variant {
  /** Takes over what a source told. */
  apply(source: string, samples: FamilySamples): void;
  /** What sources that are gone left; undefined when nothing. */
  legacy(): FamilySamples | undefined;
}

/** The shape of a foreign family: prom-client joins whatever is of one type. */
export function shapeOfForeign({ type }: FamilySamples): string {
  return `a ${type} of prom-client`;
}

/** Makes a foreign family of a name and type that all its sources share. */
export function createForeignFamily(
  first: FamilySamples,
  { client, misuse }: { client: FleetClient; misuse: Misuse },
): ForeignFamily {
  const { name, help, type, aggregator } = first;
  const told = new Map<string, FamilySamples>();
  const empty: FamilySamples = { name, help, type, aggregator, values: [] };
  let retired: FamilySamples | undefined;
  let joined: FamilySamples | undefined;

  // Never throws: one metric that cannot be joined must not take the others along.
  function join(parts: readonly FamilySamples[]): FamilySamples {
    try {
      return joinWith(client, parts) ?? empty;
    } catch (error) {
      misuse.once("join", () => `could not be joined over processes and was left out: ${String(error)}`);
      return empty;
    }
  }

  function retire(source: string): void {
    const samples = told.get(source);
    told.delete(source);
    joined = undefined;
    if (samples === undefined || !stays(samples)) return;
    retired = join([...(retired === undefined ? [] : [retired]), withoutQuantiles(samples)]);
  }

  return {
    name,
    shape: shapeOfForeign(first),
    metric: {
      name,
      help,
      type,
      aggregator,
      get: () => (joined ??= join([...(retired === undefined ? [] : [retired]), ...told.values()])),
    },
    get sources() {
      return told.size;
    },
    get hasRows() {
      return retired !== undefined || told.size > 0;
    },
    apply(source, samples) {
      joined = undefined;
      told.set(source, samples);
    },
    leave(source) {
      joined = undefined;
      told.delete(source);
    },
    retire,
    legacy: () => retired,
  };
}

function joinWith(client: FleetClient, parts: readonly FamilySamples[]): FamilySamples | undefined {
  const registry = client.AggregatorRegistry.aggregate(parts.map((part) => [part]));
  const metric = registry.getMetricsAsArray()[0] as unknown as { get(): FamilySamples } | undefined;
  return metric?.get();
}

function stays({ type, aggregator }: FamilySamples): boolean {
  return aggregator === "sum" && type !== "gauge";
}

// A quantile of a process that is gone says nothing of those that are left; its sum and count still do.
function withoutQuantiles(samples: FamilySamples): FamilySamples {
  if (samples.type !== "summary") return samples;
  const values = samples.values.filter(({ labels }: Sample) => !("quantile" in labels));
  return { ...samples, values };
}
