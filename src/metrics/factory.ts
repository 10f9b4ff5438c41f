import type { Metric, Registry } from "prom-client";
import { type Collect, createCollect } from "./collect.js";
import { createCounter } from "./counter.js";
import type { Declaration } from "./declaration.js";
import { type AnyOptions, checkSameShape, define } from "./define.js";
import type { Definition, FamilyType } from "./definition.js";
import type { FamilyParts } from "./family.js";
import { createGauge } from "./gauge.js";
import { createHistogram } from "./histogram.js";
import { createMisuse, type ReportMisuse } from "./misuse.js";
import type { Client } from "./print-metric.js";
import { createSummary } from "./summary.js";
import type { MetricFactory, MetricsSettings, SummaryOptions } from "./types.js";
import { refuse } from "./validate.js";

/** What families are declared with. */
export interface FactoryParts {
  readonly client: Client;
  readonly registry: Registry;
  readonly settings: MetricsSettings;
  readonly report: ReportMisuse;
  /** Filled with every declaration, by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
}

type Made = Pick<Declaration, "rows" | "face" | "isForeign"> & { readonly metric: object };

/** Makes the factory of one registry; it declares each name once. */
export function createFactory(parts: FactoryParts): Omit<MetricFactory, "registry"> {
  const { client, registry, settings, report, declarations } = parts;

  function declare<F>(type: FamilyType, options: AnyOptions): F {
    const definition = define(type, options, settings);
    const known = registry.getSingleMetric(definition.name);
    const declaration =
      known === undefined ? make(definition, options) : sameAs(declarations.get(known), definition);
    if (options.collect !== undefined) declaration.callbacks.add(options.collect);
    return declaration.face as F;
  }

  function make(definition: Definition, options: AnyOptions): Declaration {
    const misuse = createMisuse(definition.name, report);
    const callbacks = new Set<Collect>();
    const collect = createCollect(callbacks, misuse);
    const { metric, ...made } = record({ definition, misuse, collect }, options);
    const declaration = { definition, callbacks, collect, ...made };
    declarations.set(metric, declaration);
    return declaration;
  }

  function record(family: FamilyParts, options: SummaryOptions): Made {
    if (family.definition.type === "summary") {
      return { ...createSummary({ ...family, client, registry, options }), isForeign: true };
    }
    const { rows, face } = MAKERS[family.definition.type](family);
    registry.registerMetric(face as unknown as Metric);
    return { rows, face, metric: face, isForeign: false };
  }

  return {
    counter: (options) => declare("counter", options as AnyOptions),
    gauge: (options) => declare("gauge", options as AnyOptions),
    histogram: (options) => declare("histogram", options as AnyOptions),
    summary: (options) => declare("summary", options as AnyOptions),
  };
}

const MAKERS = { counter: createCounter, gauge: createGauge, histogram: createHistogram } as const;

function sameAs(first: Declaration | undefined, definition: Definition): Declaration {
  if (first === undefined) {
    const expected = "a name that no other metric of this registry has";
    refuse("TELLTALE_FAMILY", { what: `${definition.type} name`, found: definition.name, expected });
  }
  checkSameShape(first.definition, definition);
  return first;
}
