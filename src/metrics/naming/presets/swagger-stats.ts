import type { CopyNaming, FamilyNaming, Preset } from "../types.js";
import { serverFamilies } from "./server-families.js";

const BOUNDS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

const whole = (name: string, help: string, status: RegExp = /^/): CopyNaming => ({
  name,
  help,
  labels: "none",
  only: { label: "status", value: status },
});

// Its redirects count as neither success nor error.
const TOTALS: readonly CopyNaming[] = [
  whole("api_all_request_total", "All requests answered or given up."),
  whole("api_all_success_total", "All requests answered with a status of 2xx.", /^2/),
  whole("api_all_errors_total", "All requests answered with a status of 4xx or 5xx.", /^[45]/),
  whole("api_all_client_error_total", "All requests answered with a status of 4xx.", /^4/),
  whole("api_all_server_error_total", "All requests answered with a status of 5xx.", /^5/),
];

// The four that have a counterpart there.
const PROCESS: Readonly<Record<string, FamilyNaming>> = {
  process_resident_memory_bytes: { name: "nodejs_process_memory_rss_bytes" },
  nodejs_heap_size_total_bytes: { name: "nodejs_process_memory_heap_total_bytes" },
  nodejs_heap_size_used_bytes: { name: "nodejs_process_memory_heap_used_bytes" },
  nodejs_external_memory_bytes: { name: "nodejs_process_memory_external_bytes" },
};

/**
 * swagger-stats 0.99.7 (its lib/swsmetrics.js, lib/swsCoreStats.js and lib/swsAPIStats.js, and a run of it):
 * `api_request_total`, `api_request_duration_milliseconds`, `api_request_size_bytes`, `api_response_size_bytes`
 * `{method,path,code}`, and the totals without labels.
 */
export const SWAGGER_STATS: Preset = {
  families: {
    ...serverFamilies(
      { route: [{ name: "path" }], status: [{ name: "code" }] },
      {
        http_requests_total: { name: "api_request_total", copies: TOTALS },
        http_request_duration_seconds: {
          name: "api_request_duration_milliseconds",
          scale: 1000,
          unit: "milliseconds",
        },
        http_request_size_bytes: { name: "api_request_size_bytes" },
        http_response_size_bytes: { name: "api_response_size_bytes" },
        http_requests_in_flight: {
          name: "api_all_request_in_processing_total",
          labels: "none",
          isCounted: true,
        },
      },
    ),
    ...PROCESS,
  },
  defaults: {
    "http.buckets": BOUNDS.map((milliseconds) => milliseconds / 1000),
    "http.sizeBuckets": BOUNDS,
  },
};
