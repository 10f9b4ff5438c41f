import type { RegisteredMetric } from "./print-metric.js";

/** What was seen when a series was recorded, as prom-client keeps it. */
export interface ForeignExemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** Unix time in seconds. */
  readonly timestamp?: number;
}

/** One line of a metric that is not ours. */
export interface ForeignSample {
  /** Absent where it is the metric's own. */
  readonly metricName: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar: ForeignExemplar | undefined;
}

interface GivenSample {
  readonly metricName?: string;
  readonly labels?: object;
  readonly value?: unknown;
  readonly exemplar?: ForeignExemplar | null;
}

/** Reads a metric that is not ours as prom-client does; the labels of a sample win over default ones. Rejects when it cannot be read. */
export async function readSamples(metric: RegisteredMetric, defaultLabels: object): Promise<ForeignSample[]> {
  const { values } = (await metric.get()) as { readonly values?: readonly GivenSample[] };
  return (values ?? []).map(({ metricName, labels, value, exemplar }) => ({
    metricName,
    labels: textsOf({ ...defaultLabels, ...labels }),
    value: Number(value),
    exemplar: hasLabels(exemplar) ? { ...exemplar, labelSet: textsOf(exemplar.labelSet) } : undefined,
  }));
}

// Made strings here, where a throw still leaves out but this one metric.
function textsOf(labels: object): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

function hasLabels(exemplar: ForeignExemplar | null | undefined): exemplar is ForeignExemplar {
  return exemplar?.labelSet !== undefined && Object.keys(exemplar.labelSet).length > 0;
}
