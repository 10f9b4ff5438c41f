import type { LabelPair } from "./labels.js";

// Anything else might be taken apart, decoded or tidied up by a URL parser or a proxy on the way.
const PLAIN = /^[\w~-][\w.~-]*$/;

/**
 * The path of a group on a Pushgateway: `/metrics/job/…` and the other labels. A value that does not fit into a path is
 * written in base64.
 *
 * @see https://github.com/prometheus/pushgateway#url
 */
export function groupingPath(labels: readonly LabelPair[]): string {
  return `/metrics${labels.map(segment).join("")}`;
}

function segment([name, value]: LabelPair): string {
  if (PLAIN.test(value)) return `/${name}/${value}`;
  return `/${name}@base64/${value === "" ? "=" : Buffer.from(value).toString("base64url")}`;
}
