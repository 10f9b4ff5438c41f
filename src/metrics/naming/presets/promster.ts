import type { Preset } from "../types.js";
import { serverFamilies, withoutParameters } from "./server-families.js";

/**
 * promster, read in @promster/metrics 15.6.0 (create-http-metrics, normalizers) and run as @promster/express 14.0.0:
 * `http_requests_total`, `http_request_duration_seconds` and, by option there, the two content lengths
 * `{method,path,status_code}`, methods in lower case.
 */
export const PROMSTER: Preset = {
  families: serverFamilies(
    {
      method: [{ name: "method", value: (method) => method.toLowerCase() }],
      route: [{ name: "path", value: withoutParameters }],
      status: [{ name: "status_code" }],
    },
    {
      http_request_size_bytes: { name: "http_request_content_length_bytes" },
      http_response_size_bytes: { name: "http_response_content_length_bytes" },
    },
  ),
  defaults: {
    "http.buckets": [0.05, 0.1, 0.3, 0.5, 0.8, 1, 1.5, 2, 3, 10],
    "http.sizeBuckets": [
      100_000, 200_000, 500_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 5_000_000, 10_000_000,
    ],
  },
};
