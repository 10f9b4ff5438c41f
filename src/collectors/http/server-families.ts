import type { Declare } from "../../collector.js";
import type { Counter, Gauge, Histogram } from "../../metrics/types.js";
import type { HttpSettings } from "./settings.js";

/** The families of the server side of the HTTP domain. */
export interface ServerFamilies {
  readonly total: Counter<string>;
  readonly duration: Histogram<string>;
  readonly timeToHeaders: Histogram<string>;
  readonly requestSize: Histogram<string>;
  readonly responseSize: Histogram<string>;
  readonly inFlight: Gauge<"method">;
  readonly streamsActive: Gauge<"method" | "route">;
  readonly streamDuration: Histogram<string>;
  readonly aborted: Counter<"route" | "phase">;
}

/** Declares them. The request families carry the custom labels after `method`, `route` and `status`. */
export function declareServerFamilies(declare: Declare, settings: HttpSettings): ServerFamilies {
  const labelNames: readonly string[] = ["method", "route", "status", ...Object.keys(settings.labels)];
  const seconds = { labelNames, unit: "seconds", buckets: settings.buckets };
  const bytes = { labelNames, unit: "bytes", buckets: settings.sizeBuckets };
  return {
    total: declare.counter({
      name: "http_requests_total",
      help: "Requests answered or given up, by method, route template and status (499: the client left first).",
      labelNames,
    }),
    duration: declare.histogram({
      ...seconds,
      name: "http_request_duration_seconds",
      help: "Time from the first byte of a request to the close of its response; streams are kept out.",
    }),
    timeToHeaders: declare.histogram({
      ...seconds,
      name: "http_time_to_headers_seconds",
      help: "Time from the first byte of a request to its response headers, streams included.",
    }),
    requestSize: declare.histogram({
      ...bytes,
      name: "http_request_size_bytes",
      help: "Body bytes received, chunked bodies included.",
    }),
    responseSize: declare.histogram({
      ...bytes,
      name: "http_response_size_bytes",
      help: "Body bytes sent as they left (compressed where they are), chunked bodies included.",
    }),
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
    streamDuration: declare.histogram({
      labelNames,
      unit: "seconds",
      buckets: STREAM_BUCKETS,
      name: "http_response_stream_duration_seconds",
      help: "Time from the first byte of a request to the end of its open-ended response.",
    }),
    aborted: declare.counter({
      name: "http_requests_aborted_total",
      help: "Requests whose client left before the response was whole, before or after its headers.",
      labelNames: ["route", "phase"],
    }),
  };
}

// Streams live for seconds to hours: a factor of about four between bounds.
const STREAM_BUCKETS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200];
