import type { FamilyNaming, LabelNaming, LabelNamings, Preset } from "../types.js";
import { serverFamilies } from "./server-families.js";

const METHOD: readonly LabelNaming[] = [{ name: "http_request_method" }];

const attribute = (name: string, value: (text: string) => string): LabelNaming => ({ name, value });

/** The class of an error by the status: `error.type` of a server is set for 5xx, of a client for 4xx as well. */
const errorType = (error: RegExp, missing: string): LabelNaming =>
  attribute("error_type", (status) => (status === "" ? missing : error.test(status) ? status : ""));

// The attribute is absent where no route matched; to Prometheus an empty label is none.
const ROUTE: readonly LabelNaming[] = [
  attribute("http_route", (route) => (route === "__unmatched__" ? "" : route)),
];
const PORT = /:(\d+)$/;
const HOST: readonly LabelNaming[] = [
  attribute("server_address", (host) => host.replace(PORT, "")),
  attribute("server_port", (host) => PORT.exec(host)?.[1] ?? ""),
];
const STATUS = { name: "http_response_status_code" };

const client = (name: string, labels: LabelNamings = {}): FamilyNaming => ({
  name,
  labels: { method: METHOD, host: HOST, ...labels },
});
// `_OTHER` is the convention's word for an error that has no class of its own: no response came.
const CLIENT_STATUS = { status: [STATUS, errorType(/^[45]/, "_OTHER")] };

/**
 * OpenTelemetry semantic conventions for HTTP metrics (docs/http/http-metrics.md of open-telemetry/semantic-conventions;
 * names as in its npm package 1.45.0), in the spelling that the specification's
 * compatibility/prometheus_and_openmetrics.md gives them: dots become underscores, the unit a suffix.
 */
export const OTEL: Preset = {
  families: {
    ...serverFamilies(
      { method: METHOD, route: ROUTE, status: [STATUS, errorType(/^5/, "")] },
      {
        http_request_duration_seconds: { name: "http_server_request_duration_seconds" },
        http_requests_in_flight: { name: "http_server_active_requests" },
        http_request_size_bytes: { name: "http_server_request_body_size_bytes" },
        http_response_size_bytes: { name: "http_server_response_body_size_bytes" },
      },
    ),
    http_client_requests_total: client("http_client_requests_total", CLIENT_STATUS),
    http_client_request_duration_seconds: client("http_client_request_duration_seconds", CLIENT_STATUS),
    http_client_requests_in_flight: client("http_client_active_requests"),
    http_client_errors_total: client("http_client_errors_total", { error: [{ name: "error_type" }] }),
  },
  defaults: {
    "http.buckets": [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  requestLabels: {
    // Express answers `protocol` with the proxies in mind that it was told to trust.
    url_scheme: ({ protocol, socket }) =>
      protocol === "https" || (socket as { encrypted?: unknown } | undefined)?.encrypted === true
        ? "https"
        : "http",
    network_protocol_version: ({ httpVersion = "" }) => (httpVersion === "2.0" ? "2" : httpVersion),
  },
};
