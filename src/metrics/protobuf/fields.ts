/**
 * The field numbers of `io.prometheus.client`, as far as they are written.
 *
 * @see https://github.com/prometheus/client_model/blob/v0.6.2/io/prometheus/client/metrics.proto
 */
export const FAMILY = { name: 1, help: 2, type: 3, metric: 4, unit: 5 } as const;
export const METRIC = { label: 1, gauge: 2, counter: 3, summary: 4, untyped: 5, histogram: 7 } as const;
export const LABEL = { name: 1, value: 2 } as const;
/** Gauge, counter and untyped alike. */
export const SIMPLE = { value: 1, exemplar: 2 } as const;
export const SUMMARY = { count: 1, sum: 2, quantile: 3 } as const;
export const QUANTILE = { quantile: 1, value: 2 } as const;
export const HISTOGRAM = {
  count: 1,
  sum: 2,
  bucket: 3,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  negativeSpan: 9,
  negativeDelta: 10,
  positiveSpan: 12,
  positiveDelta: 13,
} as const;
export const BUCKET = { cumulativeCount: 1, upperBound: 2, exemplar: 3 } as const;
export const SPAN = { offset: 1, length: 2 } as const;
export const EXEMPLAR = { label: 1, value: 2, timestamp: 3 } as const;
export const TIMESTAMP = { seconds: 1, nanos: 2 } as const;

/** `MetricType`; what prom-client does not know is untyped. */
export const TYPES = { counter: 0, gauge: 1, summary: 2, untyped: 3, histogram: 4 } as const;
