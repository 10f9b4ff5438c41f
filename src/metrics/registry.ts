import type { Registry } from "prom-client";
import type { Exposition } from "./exposition.js";
import type { Client, RegisteredMetric } from "./print-metric.js";

/** What a registry is made from. */
export interface RegistryParts {
  readonly client: Client;
  /** Labels on every series, which `clear()` keeps. */
  readonly labels: Readonly<Record<string, string>>;
  readonly exposition: Exposition;
}

/**
 * Makes a registry of the prom-client that is handed over, so that `instanceof` holds and anybody's metrics register in
 * it. Only what makes text is replaced.
 */
export function createRegistry({ client, labels, exposition }: RegistryParts): Registry {
  class ObservedRegistry extends client.Registry {
    override metrics(): Promise<string> {
      return exposition.text(this);
    }

    override async getSingleMetricAsString(name: string): Promise<string> {
      const metric = this.getSingleMetric(name);
      return metric === undefined
        ? super.getSingleMetricAsString(name)
        : exposition.textOf(this, metric as unknown as RegisteredMetric);
    }

    override setDefaultLabels(given: object): void {
      super.setDefaultLabels(given);
      exposition.relabel(given);
    }

    override clear(): void {
      super.clear();
      this.setDefaultLabels(labels);
    }
  }

  const registry = new ObservedRegistry();
  registry.setDefaultLabels(labels);
  return registry;
}
