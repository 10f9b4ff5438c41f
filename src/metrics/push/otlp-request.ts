import type {
  HistogramSeries,
  Series,
  SeriesFamily,
  SeriesLabels,
  SummarySeries,
} from "../families/series.js";
import { ProtobufWriter } from "../protobuf/writer.js";
import type { LabelPair } from "./labels.js";

/** What a data point has besides its numbers. */
export interface PointContext {
  readonly labels: readonly LabelPair[];
  /** Unix time of the numbers, milliseconds. */
  readonly timeMs: number;
  /** Unix time since which they count, milliseconds; 0, which says nothing, for a gauge. */
  readonly startMs: number;
}

/** Field numbers of opentelemetry-proto 1.x: common, resource and metrics/v1. */
const FIELD = {
  request: { resourceMetrics: 1 },
  resourceMetrics: { resource: 1, scopeMetrics: 2 },
  resource: { attributes: 1 },
  scopeMetrics: { scope: 1, metrics: 2 },
  scope: { name: 1 },
  metric: { name: 1, description: 2, unit: 3, gauge: 5, sum: 7, histogram: 9, summary: 11 },
  data: { points: 1, temporality: 2, isMonotonic: 3 },
  point: { startTime: 2, time: 3 },
  number: { asDouble: 4, attributes: 7 },
  histogram: { count: 4, sum: 5, bucketCounts: 6, explicitBounds: 7, attributes: 9 },
  summary: { count: 4, sum: 5, quantiles: 6, attributes: 7 },
  quantile: { quantile: 1, value: 2 },
  attribute: { key: 1, value: 2 },
  value: { string: 1 },
} as const;

/** Prometheus's base units as UCUM has them, which OpenTelemetry asks for. */
const UNITS: Readonly<Record<string, string>> = {
  seconds: "s",
  milliseconds: "ms",
  bytes: "By",
  ratio: "1",
  meters: "m",
  volts: "V",
  amperes: "A",
  joules: "J",
  grams: "g",
  celsius: "Cel",
};

const CUMULATIVE = 2;
const NANOSECONDS_PER_MS = 1_000_000n;
const DOUBLE_BYTES = 8;
const SCOPE = "telltale";

/** An `ExportMetricsServiceRequest` that is being written. It can be taken again and again. */
export class ExportRequest {
  /** Data points so far. */
  points = 0;
  readonly #resource: SeriesLabels;
  readonly #writer: ProtobufWriter = new ProtobufWriter();
  readonly #bounds = new WeakMap<readonly number[], Buffer>();
  #open: number[] = [];
  #family: SeriesFamily | undefined;

  constructor(resource: SeriesLabels) {
    this.#resource = resource;
  }

  /** Adds a series as a data point of its metric. Those of one metric come one after the other. */
  add(family: SeriesFamily, series: Series, context: PointContext): void {
    if (this.#open.length === 0) this.#openScope();
    if (this.#family?.name !== family.name) this.#openMetric(family);
    const writer = this.#writer;
    const start = writer.open(FIELD.data.points);
    writer.fixed64(FIELD.point.startTime, nanoseconds(context.startMs));
    writer.fixed64(FIELD.point.time, nanoseconds(context.timeMs));
    if (series.kind === "number") writer.double(FIELD.number.asDouble, series.value);
    else if (series.kind === "histogram") this.#putHistogram(series);
    else this.#putSummary(series);
    for (const pair of context.labels) putAttribute(writer, FIELD[series.kind].attributes, pair);
    writer.close(start);
    this.points++;
  }

  /** The message; what is added next begins another. */
  take(): Buffer {
    this.#closeMetric();
    for (const start of this.#open.reverse()) this.#writer.close(start);
    this.#open = [];
    this.points = 0;
    return this.#writer.take();
  }

  #openScope(): void {
    const writer = this.#writer;
    this.#open.push(writer.open(FIELD.request.resourceMetrics));
    const resource = writer.open(FIELD.resourceMetrics.resource);
    for (const pair of Object.entries(this.#resource)) putAttribute(writer, FIELD.resource.attributes, pair);
    writer.close(resource);
    this.#open.push(writer.open(FIELD.resourceMetrics.scopeMetrics));
    const scope = writer.open(FIELD.scopeMetrics.scope);
    writer.text(FIELD.scope.name, SCOPE);
    writer.close(scope);
  }

  #openMetric(family: SeriesFamily): void {
    this.#closeMetric();
    const writer = this.#writer;
    this.#open.push(writer.open(FIELD.scopeMetrics.metrics));
    writer.text(FIELD.metric.name, family.name);
    writer.text(FIELD.metric.description, family.help);
    if (family.unit !== undefined) writer.text(FIELD.metric.unit, UNITS[family.unit] ?? family.unit);
    this.#open.push(writer.open(FIELD.metric[dataOf(family)]));
    this.#family = family;
  }

  #closeMetric(): void {
    if (this.#family === undefined) return;
    const data = dataOf(this.#family);
    if (data === "sum" || data === "histogram") this.#writer.varint(FIELD.data.temporality, CUMULATIVE);
    if (data === "sum") this.#writer.varint(FIELD.data.isMonotonic, 1);
    for (const start of this.#open.splice(-2).reverse()) this.#writer.close(start);
    this.#family = undefined;
  }

  #putHistogram({ bounds, counts, sum, count }: HistogramSeries): void {
    const { histogram } = FIELD;
    this.#writer.fixed64(histogram.count, BigInt(count));
    this.#writer.double(histogram.sum, sum);
    this.#writer.bytes(histogram.bucketCounts, packCounts(counts));
    this.#writer.bytes(histogram.explicitBounds, this.#packedBounds(bounds));
  }

  #putSummary({ quantiles, sum, count }: SummarySeries): void {
    const writer = this.#writer;
    writer.fixed64(FIELD.summary.count, BigInt(count));
    writer.double(FIELD.summary.sum, sum);
    for (const [quantile, value] of quantiles) {
      const start = writer.open(FIELD.summary.quantiles);
      writer.double(FIELD.quantile.quantile, quantile);
      writer.double(FIELD.quantile.value, value);
      writer.close(start);
    }
  }

  #packedBounds(bounds: readonly number[]): Buffer {
    const known = this.#bounds.get(bounds);
    if (known !== undefined) return known;
    const packed = Buffer.alloc(bounds.length * DOUBLE_BYTES);
    for (const [i, bound] of bounds.entries()) packed.writeDoubleLE(bound, i * DOUBLE_BYTES);
    this.#bounds.set(bounds, packed);
    return packed;
  }
}

function dataOf({ type }: SeriesFamily): "gauge" | "sum" | "histogram" | "summary" {
  return type === "counter" ? "sum" : type === "untyped" ? "gauge" : type;
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms)) * NANOSECONDS_PER_MS;
}

function packCounts(counts: ArrayLike<number>): Buffer {
  const packed = Buffer.alloc(counts.length * DOUBLE_BYTES);
  for (let i = 0; i < counts.length; i++)
    packed.writeBigUInt64LE(BigInt(counts[i] as number), i * DOUBLE_BYTES);
  return packed;
}

function putAttribute(writer: ProtobufWriter, field: number, [name, text]: LabelPair): void {
  const start = writer.open(field);
  writer.text(FIELD.attribute.key, name);
  const value = writer.open(FIELD.attribute.value);
  writer.text(FIELD.value.string, text);
  writer.close(value);
  writer.close(start);
}
