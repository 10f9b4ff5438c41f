import type { FamilyNaming, LabelNaming, LabelNamings } from "../types.js";

/** What a preset makes of the labels of the HTTP server's families. */
export type ServerLabels = Partial<Record<"method" | "route" | "status", readonly LabelNaming[]>>;

const LABELS_BY_FAMILY: Readonly<Record<string, readonly (keyof ServerLabels)[]>> = {
  http_requests_total: ["method", "route", "status"],
  http_request_duration_seconds: ["method", "route", "status"],
  http_time_to_headers_seconds: ["method", "route", "status"],
  http_request_size_bytes: ["method", "route", "status"],
  http_response_size_bytes: ["method", "route", "status"],
  http_response_stream_duration_seconds: ["method", "route", "status"],
  http_requests_in_flight: ["method"],
  http_response_streams_active: ["method", "route"],
  http_requests_aborted_total: ["route"],
};

/** The families of the HTTP server in one vocabulary of labels; `named` says what else becomes of some of them. */
export function serverFamilies(
  labels: ServerLabels,
  named: Readonly<Record<string, FamilyNaming>> = {},
): Record<string, FamilyNaming> {
  const families = Object.entries(LABELS_BY_FAMILY).map(([family, own]) => [
    family,
    { labels: only(labels, own), ...named[family] },
  ]);
  return Object.fromEntries(families) as Record<string, FamilyNaming>;
}

function only(labels: ServerLabels, own: readonly (keyof ServerLabels)[]): LabelNamings {
  return Object.fromEntries(own.flatMap((label) => (labels[label] ? [[label, labels[label]]] : [])));
}

/** A route template as the libraries write it that know no templates: `/users/#val` for `/users/:id`. */
export function withoutParameters(route: string): string {
  return route.replace(/[^/]*:[^/]*/g, "#val");
}
