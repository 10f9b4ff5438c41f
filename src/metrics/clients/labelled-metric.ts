import type { RegisteredMetric } from "../exposition/print-metric.js";

interface Read {
  readonly values?: readonly { readonly labels?: object }[];
}

/** The same metric with labels added to each of its lines; labels of its own win. */
export function withLabels(metric: RegisteredMetric, labels: object): RegisteredMetric {
  if (Object.keys(labels).length === 0) return metric;
  const { name, help, type, aggregator, collect } = metric;
  const read = (method: "get" | "getForPromString") => async (): Promise<object> => {
    const item = (await metric[method]?.()) as Read;
    const values = item.values?.map((value) => ({
      ...value,
      labels: { ...value.labels, ...labels, ...value.labels },
    }));
    return { ...item, values };
  };
  const shared = metric.getForPromString === undefined ? {} : { getForPromString: read("getForPromString") };
  return { name, help, type, aggregator, collect, get: read("get"), ...shared };
}
