type Line = Readonly<Record<string, unknown>>;

// Said by the sentence, or of no use to the eye: the span's id leads nowhere that the trace's does not.
const SAID = new Set([
  "event",
  "msg",
  "method",
  "path",
  "status",
  "outcome",
  "duration_seconds",
  "request_bytes",
  "response_bytes",
  "route",
  "span_id",
]);

/**
 * An access line with its fields drawn into one sentence, `GET /rooms/7 → 200, 3.2 ms, 2 B`; any other line as it is.
 * A request that failed or was given up says so first; the ids stay behind.
 */
export function describeExchange(line: Line): Line {
  if (line["event"] !== "http_request" || typeof line["duration_seconds"] !== "number") return line;
  const { method, path, status, outcome } = line;
  const cut = outcome === "aborted" ? " aborted by the client" : "";
  const took = milliseconds(line["duration_seconds"]);
  const rest = Object.entries(line).filter(([key]) => !SAID.has(key));
  const msg = `${String(method)} ${String(path)} → ${String(status)}${cut}, ${took}, ${bytes(line["response_bytes"])}${routeOf(line)}`;
  return { ...Object.fromEntries(rest), msg };
}

function routeOf({ route, path }: Line): string {
  if (route === path) return "";
  return typeof route === "string" ? ` (${route})` : " (no route)";
}

function milliseconds(seconds: number): string {
  const ms = seconds * 1000;
  return ms >= 1000 ? `${seconds.toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

function bytes(count: unknown): string {
  const size = typeof count === "number" ? count : 0;
  return size < 1000
    ? `${size} B`
    : size < 1e6
      ? `${(size / 1000).toFixed(1)} kB`
      : `${(size / 1e6).toFixed(1)} MB`;
}
