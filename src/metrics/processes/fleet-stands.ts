import type { Metric, Registry } from "prom-client";
import type { Declaration } from "../families/declaration.js";
import { createMisuse, type Misuse, type ReportMisuse } from "../families/misuse.js";

/** One of the families that sources have under the same name. */
export interface Variant {
  readonly name: string;
  /** Families of the same shape can be added up. */
  readonly shape: string;
  /** Stands in the registry. */
  readonly metric: object;
  /** Absent for a foreign metric. */
  readonly declaration?: Declaration;
  /** Sources that have it. */
  readonly sources: number;
  /** True while there is something to show. */
  readonly hasRows: boolean;
  /** The source has the family no more. */
  leave(source: string): void;
  /** The source is gone; what it counted stays. */
  retire(source: string): void;
}

/** What stands in the fleet's registry. */
export interface Stands {
  /** The variant of a name that has this shape; made, and shown if no other stands there, when there is none yet. */
  of<V extends Variant>(key: Pick<V, "name" | "shape">, make: (misuse: Misuse) => V): V;
  /** Lets go of variants of a name that nobody has any more, and shows the next. */
  settle(name: string): void;
  /** Every variant that stands in the registry. */
  shown(): Variant[];
}

/** Where families stand. */
export interface StandsParts {
  readonly registry: Registry;
  readonly declarations: WeakMap<object, Declaration>;
  readonly report: ReportMisuse;
}

/**
 * Keeps one family a name in the registry. While processes of two versions run side by side, the family of the one that
 * came first is shown; the other's is added up unseen, until it is the only one that anybody has.
 */
export function createStands({ registry, declarations, report }: StandsParts): Stands {
  const variants = new Map<string, Variant[]>();
  const misuses = new Map<string, Misuse>();

  function misuseOf(name: string): Misuse {
    const misuse = misuses.get(name) ?? createMisuse(name, report);
    misuses.set(name, misuse);
    return misuse;
  }

  function show(variant: Variant): void {
    if (variant.declaration !== undefined) declarations.set(variant.metric, variant.declaration);
    registry.registerMetric(variant.metric as Metric);
  }

  function add<V extends Variant>(variant: V): V {
    const known = variants.get(variant.name);
    if (known === undefined) {
      show(variant);
      variants.set(variant.name, [variant]);
      return variant;
    }
    known.push(variant);
    misuseOf(variant.name).once("shape", () => misfit(known[0]?.shape, variant.shape));
    return variant;
  }

  function settle(name: string): void {
    const known = variants.get(name) ?? [];
    const [shown] = known;
    const used = known.filter((variant) => variant.sources > 0);
    const left = used.length === 0 && shown?.hasRows === true ? [shown] : used;
    if (left.length === 0) variants.delete(name);
    else variants.set(name, left);
    if (left[0] === shown) return;
    registry.removeSingleMetric(name);
    if (left[0] !== undefined) show(left[0]);
  }

  return {
    of<V extends Variant>({ name, shape }: Pick<V, "name" | "shape">, make: (misuse: Misuse) => V): V {
      const known = variants.get(name)?.find((variant) => variant.shape === shape);
      return (known as V | undefined) ?? add(make(misuseOf(name)));
    },
    settle,
    shown: () => [...variants.values()].flatMap(([first]) => first ?? []),
  };
}

function misfit(shown: string | undefined, found: string): string {
  return `found ${found} in a process; expected ${shown}, as in the processes before. It is left out for as long as one of those runs.`;
}
