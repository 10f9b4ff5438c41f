import type { Metric, Registry } from "prom-client";
import type { ShareRows } from "../columns/sharing.js";
import type { Client } from "../exposition/print-metric.js";
import type { Export, Naming, Route } from "../naming/naming.js";
import { type Routing, routeRecords } from "../naming/routed-face.js";
import type { Branch, RecordingFace } from "../naming/target.js";
import type { MetricFactory, MetricsSettings, SummaryOptions } from "../types.js";
import { type Collect, createCollect } from "./collect.js";
import { createCounter } from "./counter.js";
import type { Declaration } from "./declaration.js";
import { type AnyOptions, checkSameFamily, checkSameShape, define } from "./define.js";
import type { Definition, FamilyType } from "./definition.js";
import type { FamilyParts } from "./family.js";
import { createGauge } from "./gauge.js";
import { createHistogram } from "./histogram.js";
import { createMisuse, type ReportMisuse } from "./misuse.js";
import { findClash, type NamedMetric } from "./name-clash.js";
import { createSummary } from "./summary.js";
import { refuse } from "./validate.js";

/** What families are declared with. */
export interface FactoryParts {
  readonly client: Client;
  readonly registry: Registry;
  readonly settings: MetricsSettings;
  readonly naming: Naming;
  readonly report: ReportMisuse;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Unix time in milliseconds. Default: `Date.now()`. */
  readonly clock?: (() => number) | undefined;
  /** Filled with every declaration, by the metric that stands in the registry. */
  readonly declarations: WeakMap<object, Declaration>;
  /** Lets another thread read the rows. Default: they are this thread's alone. */
  readonly share?: ShareRows | undefined;
}

type Made = Pick<Declaration, "rows" | "face" | "isForeign"> & { readonly metric: object };

/** Makes the factory of one registry; it declares each name once. */
export function createFactory(parts: FactoryParts): Omit<MetricFactory, "registry"> {
  const { client, registry, settings, naming, report, now, clock, declarations, share } = parts;

  function declare<F>(type: FamilyType, options: AnyOptions): F {
    const [first, ...copies] = naming.exportsOf(type, options);
    const declaration = obtain(first, (made, route) => {
      const fed = copies.map((copy) => branchOf(obtain(copy), copy.route as Route));
      routeRecords([branchOf(made, route), ...fed], routingOf(made));
    });
    if (options.collect !== undefined) declaration.callbacks.add(options.collect);
    return declaration.face as F;
  }

  function obtain(exported: Export, onRoute?: (made: Declaration, route: Route) => void): Declaration {
    const definition = define(exported.type, exported.options, settings);
    const known = registry.getSingleMetric(definition.name);
    if (known !== undefined) return sameAs(declarations.get(known), definition);
    const made = make(definition, exported.options);
    if (exported.route !== undefined) onRoute?.(made, exported.route);
    return made;
  }

  function make(definition: Definition, options: AnyOptions): Declaration {
    checkNoClash(definition, registry);
    const misuse = createMisuse(definition.name, report);
    const callbacks = new Set<Collect>();
    const { collectTimeoutMs: timeoutMs } = settings;
    const collect = createCollect({ callbacks, misuse, self: () => declaration.face, timeoutMs });
    const exemplars = { clock, isOn: settings.exemplars };
    const { metric, ...made } = record({ definition, misuse, now, exemplars, collect, share }, options);
    const declaration: Declaration = { definition, callbacks, collect, ...made };
    if (definition.declared !== undefined)
      Object.assign(made.face, { labelNames: definition.declared.labelNames });
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

function checkNoClash({ name, type }: Definition, registry: Registry): void {
  const find = (other: string) => registry.getSingleMetric(other) as unknown as NamedMetric | undefined;
  const clash = findClash({ name, type }, find);
  if (clash === undefined) return;
  const expected = `another name: beside "${clash}" it breaks the exposition`;
  refuse("TELLTALE_FAMILY", { what: `${type} name`, found: name, expected });
}

function sameAs(first: Declaration | undefined, definition: Definition): Declaration {
  if (first === undefined) {
    const expected = "a name that no other metric of this registry has";
    refuse("TELLTALE_FAMILY", { what: `${definition.type} name`, found: definition.name, expected });
  }
  checkSameFamily(first.definition, definition);
  checkSameShape(first.definition, definition);
  return first;
}

function branchOf({ face }: Declaration, route: Route): Branch {
  return { face: face as RecordingFace, route };
}

function routingOf({ definition, rows: { misuse } }: Declaration): Routing {
  const { type, labelNames, declared, enableExemplars } = definition;
  return {
    type,
    declared: declared?.labelNames ?? labelNames,
    misuse,
    takesRecords: enableExemplars === true,
  };
}
