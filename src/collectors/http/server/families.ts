import type { Declare } from "../../../collector.js";
import type { Counter, Gauge, Histogram } from "../../../metrics/types.js";
import type { HttpSettings } from "../settings.js";

/** The families that carry the custom labels after `method`, `route` and `status`. */
interface RequestFamilies {
  readonly total: Counter<string>;
  readonly duration: Histogram<string>;
  readonly timeToHeaders: Histogram<string>;
  readonly requestSize: Histogram<string>;
  readonly responseSize: Histogram<string>;
  readonly streamDuration: Histogram<string>;
}

/** The families of the server side of the HTTP domain. */
export interface ServerFamilies extends RequestFamilies {
  readonly inFlight: Gauge<"method">;
  readonly streamsActive: Gauge<"method" | "route">;
  readonly aborted: Counter<"route" | "phase">;
}

// Streams live for seconds to hours: a factor of about four between bounds.
const STREAM_BUCKETS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200];

/** Declares them. */
export function declareServerFamilies(declare: Declare, settings: HttpSettings): ServerFamilies {
  return {
    ...declareRequestFamilies(declare, settings),
    inFlight: declare.gauge({
      name: "http_requests_in_flight",
      help: "Requests begun and not yet closed.",
      labelNames: ["method"],
    }),
    streamsActive: declare.gauge({
      name: "http_response_streams_active",
      help: "Open-ended responses (server-sent events, JSON lines) now open.",
      labelNames: ["method", "route"],
    }),
    aborted: declare.counter({
      name: "http_requests_aborted_total",
      help: "Requests whose client left before the response was whole, before or after its headers.",
      labelNames: ["route", "phase"],
    }),
  };
}

function declareRequestFamilies(declare: Declare, settings: HttpSettings): RequestFamilies {
  const labelNames: readonly string[] = ["method", "route", "status", ...Object.keys(settings.labels)];
  const seconds = (name: string, help: string, buckets = settings.buckets): Histogram<string> =>
    declare.histogram({ name, help, labelNames, unit: "seconds", buckets });
  const bytes = (name: string, help: string): Histogram<string> =>
    declare.histogram({ name, help, labelNames, unit: "bytes", buckets: settings.sizeBuckets });
  const total =
    "Requests answered or given up, by method, route template and status (499: the client left first).";
  const duration = "Time from taking a request up to the close of its response; streams are kept out.";
  const toHeaders = "Time from taking a request up to its response headers, streams included.";
  const sent = "Body bytes sent as they left (compressed where they are), chunked bodies included.";
  const stream = "Time from taking a request up to the end of its open-ended response.";
  return {
    total: declare.counter({ name: "http_requests_total", help: total, labelNames }),
    duration: seconds("http_request_duration_seconds", duration),
    timeToHeaders: seconds("http_time_to_headers_seconds", toHeaders),
    requestSize: bytes("http_request_size_bytes", "Body bytes received, chunked bodies included."),
    responseSize: bytes("http_response_size_bytes", sent),
    streamDuration: seconds("http_response_stream_duration_seconds", stream, STREAM_BUCKETS),
  };
}
