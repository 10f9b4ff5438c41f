// A span takes more bytes than this many empty buckets.
const MAX_GAP = 2;

/** Buckets in a row, as Prometheus' protobuf format writes them. */
export interface NativeSpan {
  /** Buckets left out since the span before; the number of the first bucket in the first span. */
  readonly offset: number;
  readonly length: number;
}

/** The buckets of one sign. */
export interface NativeSide {
  readonly spans: readonly NativeSpan[];
  /** Each bucket's count less that of the bucket before; the first as it is. */
  readonly deltas: readonly number[];
}

/**
 * Writes buckets, given in ascending order, as spans and deltas. Gaps of one or two become empty buckets.
 *
 * @see `makeBuckets` of https://github.com/prometheus/client_golang/blob/main/prometheus/histogram.go
 */
export function spansOf(buckets: readonly (readonly [bucket: number, count: number])[]): NativeSide {
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let next = 0;
  let last = 0;
  let span = { offset: 0, length: 0 };
  const append = (count: number): void => {
    deltas.push(count - last);
    last = count;
    span.length++;
    next++;
  };
  for (const [bucket, count] of buckets) {
    if (spans.length === 0 || bucket - next > MAX_GAP) {
      span = { offset: bucket - next, length: 0 };
      spans.push(span);
      next = bucket;
    }
    while (next < bucket) append(0);
    append(count);
  }
  return { spans, deltas };
}
