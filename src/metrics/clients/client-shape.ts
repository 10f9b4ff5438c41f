/** A module of prom-client's kind: prom-client 14 and 15, @platformatic/prom-client, @prometheus-io/client. */
export interface ClientModule {
  /** The class of registries. */
  readonly Registry: abstract new (
    ...args: never[]
  ) => object;
  /** The class of summaries. */
  readonly Summary: abstract new (
    ...args: never[]
  ) => object;
}

const REGISTRY_METHODS = [
  "registerMetric",
  "getMetricsAsArray",
  "getMetricsAsJSON",
  "getSingleMetric",
  "getSingleMetricAsString",
  "setDefaultLabels",
  "metrics",
  "clear",
];

/** True for a module of prom-client's kind, from version 13 on: before, a registry read its metrics at once. */
export function isClientModule(value: unknown): value is ClientModule {
  const { Registry, Summary } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof Registry !== "function" || typeof Summary !== "function") return false;
  return hasMethods(Registry.prototype, REGISTRY_METHODS) && !("registerCollector" in Registry.prototype);
}

/** True for whatever has all the methods. Never throws. */
export function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return methods.every((method) => typeof (value as Record<string, unknown>)[method] === "function");
}
