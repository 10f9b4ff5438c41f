import type { RegisteredMetric } from "../exposition/print-metric.js";
import type { Misuse } from "../families/misuse.js";
import type { FamilySamples, Sample } from "../families/samples.js";

/** Reads a metric that prom-client or a third party records, as plain data. Undefined, and told, when it cannot be read. */
export async function readForeign(
  metric: RegisteredMetric,
  misuse: Misuse,
): Promise<FamilySamples | undefined> {
  try {
    return plain((await metric.get()) as FamilySamples);
  } catch (error) {
    misuse.tell(() => `could not be read and was left out: ${String(error)}`);
    return undefined;
  }
}

// Only what can be structured-cloned: a metric may carry its own functions along.
function plain({ name, help, type, aggregator, values }: FamilySamples): FamilySamples {
  return { name, help, type, aggregator: aggregator ?? "sum", values: values.map(plainSample) };
}

function plainSample({ value, labels, metricName }: Sample): Sample {
  const own = { value, labels: { ...labels } };
  return metricName === undefined ? own : { ...own, metricName };
}
