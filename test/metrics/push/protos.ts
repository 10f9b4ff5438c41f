import protobuf from "protobufjs";
import { uncompress } from "snappyjs";

// prompb/remote.proto and prompb/types.proto of Prometheus, the fields of remote write 1.0.
const REMOTE_WRITE = `
syntax = "proto3";
message WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message MetricMetadata {
  enum MetricType { UNKNOWN = 0; COUNTER = 1; GAUGE = 2; HISTOGRAM = 3; GAUGEHISTOGRAM = 4; SUMMARY = 5; INFO = 6; STATESET = 7; }
  MetricType type = 1; string metric_family_name = 2; string help = 4; string unit = 5;
}`;

// opentelemetry-proto 1.x: collector/metrics/v1, metrics/v1, resource/v1 and common/v1, the fields that are not experimental.
const OTLP = `
syntax = "proto3";
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message ScopeMetrics { InstrumentationScope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
message InstrumentationScope { string name = 1; string version = 2; }
message Metric {
  string name = 1; string description = 2; string unit = 3;
  oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; Summary summary = 11; }
}
message Gauge { repeated NumberDataPoint data_points = 1; }
enum AggregationTemporality { UNSPECIFIED = 0; DELTA = 1; CUMULATIVE = 2; }
message Sum { repeated NumberDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2; bool is_monotonic = 3; }
message Histogram { repeated HistogramDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2; }
message Summary { repeated SummaryDataPoint data_points = 1; }
message NumberDataPoint {
  repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
  oneof value { double as_double = 4; sfixed64 as_int = 6; } uint32 flags = 8;
}
message HistogramDataPoint {
  repeated KeyValue attributes = 9; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
  optional double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; uint32 flags = 10;
}
message SummaryDataPoint {
  message ValueAtQuantile { double quantile = 1; double value = 2; }
  repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
  double sum = 5; repeated ValueAtQuantile quantile_values = 6; uint32 flags = 8;
}
message ExportMetricsServiceResponse { ExportMetricsPartialSuccess partial_success = 1; }
message ExportMetricsPartialSuccess { int64 rejected_data_points = 1; string error_message = 2; }`;

const remoteWrite = protobuf.parse(REMOTE_WRITE).root;
const otlp = protobuf.parse(OTLP).root;

/** One time series of remote write; a stale marker is `"stale"`. */
export interface WrittenSeries {
  readonly labels: readonly [name: string, value: string][];
  readonly samples: readonly [value: number | "stale", timeMs: number][];
}

/** What one remote-write request holds. */
export function decodeWrite(body: Buffer): {
  series: WrittenSeries[];
  metadata: Record<string, { type: string; help: string; unit: string }>;
} {
  const bytes = Buffer.from(uncompress(body));
  const message = decode(remoteWrite, "WriteRequest", bytes, true) as DecodedWrite;
  const stale = hasStale(bytes);
  return {
    series: (message.timeseries ?? []).map(({ labels, samples }) => ({
      labels: labels.map(({ name, value }) => [name, value]),
      samples: samples.map(({ value, timestamp }) => [
        value === "NaN" && stale ? "stale" : Number(value),
        Number(timestamp),
      ]),
    })),
    metadata: Object.fromEntries(
      (message.metadata ?? []).map(({ metricFamilyName, ...rest }) => [metricFamilyName, rest]),
    ),
  };
}

// JavaScript has but one NaN: which one it was shows in the bytes only.
function hasStale(bytes: Buffer): boolean {
  return bytes.includes(Buffer.from("020000000000f07f", "hex"));
}

/** An ExportMetricsServiceRequest as plain data, 64-bit numbers as text. */
export function decodeExport(body: Buffer): DecodedExport {
  return decode(otlp, "ExportMetricsServiceRequest", body) as DecodedExport;
}

/** The bytes of an ExportMetricsServiceResponse. */
export function exportResponse(rejectedDataPoints: number, errorMessage: string): Buffer {
  const type = otlp.lookupType("ExportMetricsServiceResponse");
  const message = type.create({ partialSuccess: { rejectedDataPoints, errorMessage } });
  return Buffer.from(type.encode(message).finish());
}

function decode(root: protobuf.Root, name: string, bytes: Buffer, defaults = false): unknown {
  const type = root.lookupType(name);
  return type.toObject(type.decode(bytes), { longs: String, enums: String, json: true, defaults });
}

interface DecodedWrite {
  readonly timeseries?: readonly {
    labels: { name: string; value: string }[];
    samples: { value: number | string; timestamp: string }[];
  }[];
  readonly metadata?: readonly { metricFamilyName: string; type: string; help: string; unit: string }[];
}

/** One attribute. */
export interface DecodedAttribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

/** One data point, whatever its metric. */
export interface DecodedPoint {
  readonly attributes?: readonly DecodedAttribute[];
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano: string;
  readonly [field: string]: unknown;
}

/** What holds the points of one metric. */
export interface DecodedData {
  readonly dataPoints: readonly DecodedPoint[];
  readonly aggregationTemporality?: string;
  readonly isMonotonic?: boolean;
}

/** An export. */
export interface DecodedExport {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly DecodedAttribute[] };
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly ({
        readonly name: string;
        readonly description: string;
        readonly unit?: string;
      } & Readonly<Partial<Record<"gauge" | "sum" | "histogram" | "summary", DecodedData>>>)[];
    }[];
  }[];
}
