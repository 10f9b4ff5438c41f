import type { Preset } from "../types.js";
import { serverFamilies } from "./server-families.js";

/** `invalidRouteGroup` by default, for requests that no route matched. */
const UNKNOWN_ROUTE = "__unknown__";

/**
 * fastify-metrics 13.2.1 (its dist/fastify-metrics.js): `http_request_duration_seconds` and the summary
 * `http_request_summary_seconds{method,route,status_code}`, with prom-client's bounds and percentiles.
 */
export const FASTIFY_METRICS: Preset = {
  families: serverFamilies(
    {
      route: [{ name: "route", value: (route) => (route === "__unmatched__" ? UNKNOWN_ROUTE : route) }],
      status: [{ name: "status_code" }],
    },
    {
      http_request_duration_seconds: {
        copies: [
          {
            name: "http_request_summary_seconds",
            help: "Quantiles of the time from taking a request up to the close of its response.",
            type: "summary",
          },
        ],
      },
    },
  ),
  defaults: { "http.buckets": [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
};
