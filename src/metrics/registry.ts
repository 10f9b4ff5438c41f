import type { Metric, Registry } from "prom-client";
import type { Beside } from "./clients/adoptions.js";
import { readAsJson } from "./clients/json.js";
import type { Exposition } from "./exposition/exposition.js";
import type { Client, RegisteredMetric } from "./exposition/print-metric.js";
import { createMisuse, type ReportMisuse } from "./families/misuse.js";
import { findClash } from "./families/name-clash.js";

/** What a registry is made from. */
export interface RegistryParts {
  readonly client: Client;
  /** Labels on every series, which `clear()` keeps. */
  readonly labels: Readonly<Record<string, string>>;
  readonly exposition: Exposition;
  /** Metrics that are not registered but show as well, given those that are. Default: none. */
  readonly beside?: Beside;
  /** True for a metric that was declared by us. Default: none is. */
  isOwn?(metric: object): boolean;
  /** Told about what cannot stand together or cannot be read. */
  readonly report: ReportMisuse;
}

// What collectDefaultMetrics() registers, and the process domain shows.
const DEFAULT_METRIC = /^(process|nodejs)_/;

/**
 * Makes a registry of the prom-client that is handed over, so that `instanceof` holds and anybody's metrics register in
 * it. Only what makes text is replaced.
 */
export function createRegistry(parts: RegistryParts): Registry {
  const { client, labels, exposition, beside = () => [], isOwn = () => false, report } = parts;
  let defaultLabels: object = labels;

  class ObservedRegistry extends client.Registry {
    override metrics(): Promise<string> {
      return exposition.text(this);
    }

    // @prometheus-io/client asks for the metrics that are joined in one way.
    override async getMetricsAsJSON(aggregator?: string): Promise<MetricsAsJSON> {
      const own = await (super.getMetricsAsJSON as AggregatedJSON).call(this, aggregator);
      const others = beside(metricsOf(this));
      const read = await readAsJson(others, { labels: defaultLabels, aggregator, report });
      return [...own, ...read] as MetricsAsJSON;
    }

    override async getSingleMetricAsString(name: string): Promise<string> {
      const own = metricsOf(this);
      const metric = [...own, ...beside(own)].find((one) => one.name === name);
      return metric === undefined ? super.getSingleMetricAsString(name) : exposition.textOf(this, metric);
    }

    override registerMetric<T extends string>(metric: Metric<T>): void {
      const { name } = metric as unknown as RegisteredMetric;
      const known = this.getSingleMetric(name);
      const isDoubled = known !== undefined && (known as object) !== metric && isOwn(known);
      if (isDoubled && DEFAULT_METRIC.test(name)) return keepOwn(name);
      super.registerMetric(metric);
      const clash = findClash(
        metric as unknown as RegisteredMetric,
        (other) => this.getSingleMetric(other) as unknown as RegisteredMetric | undefined,
      );
      if (clash === undefined) return;
      createMisuse(name, report).tell(() => `clashes with "${clash}": strict readers refuse both together.`);
    }

    override setDefaultLabels(given: object): void {
      super.setDefaultLabels(given);
      defaultLabels = given;
      exposition.relabel(given);
    }

    override clear(): void {
      super.clear();
      this.setDefaultLabels(labels);
    }
  }

  function keepOwn(name: string): void {
    createMisuse(name, report).tell(() => "was registered by another library too; telltale's own is shown.");
  }

  const registry = new ObservedRegistry();
  registry.setDefaultLabels(labels);
  return registry;
}

type MetricsAsJSON = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;
type AggregatedJSON = (this: Registry, aggregator?: string) => Promise<MetricsAsJSON>;

function metricsOf(registry: Registry): RegisteredMetric[] {
  return registry.getMetricsAsArray() as unknown as RegisteredMetric[];
}
