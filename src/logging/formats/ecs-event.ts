import type { Fields } from "./format.js";

// What telltale's own events are among ECS's kinds of events.
const KINDS: Readonly<Record<string, Fields>> = {
  http_request: { "event.category": ["web"], "event.type": ["access"] },
  ws_event: { "event.category": ["network"], "event.type": ["protocol"] },
  error: { "event.type": ["error"] },
  slow_operation: { "event.type": ["info"] },
  exhaustion: { "event.type": ["info"] },
  connect: { "event.category": ["network"], "event.type": ["connection", "start"] },
  disconnect: { "event.category": ["network"], "event.type": ["connection", "end"] },
  auth: { "event.category": ["authentication"], "event.type": ["start"] },
  forward: { "event.category": ["network"], "event.type": ["connection"] },
  protocol_violation: { "event.category": ["network"], "event.type": ["protocol", "error"] },
  suspicious: { "event.category": ["intrusion_detection"], "event.type": ["info"] },
  blocked: { "event.category": ["intrusion_detection"], "event.type": ["denied"] },
  rate_limit: { "event.category": ["intrusion_detection"], "event.type": ["denied"] },
  certificate: { "event.category": ["network"], "event.type": ["info"] },
  audit: { "event.category": ["iam"], "event.type": ["change"] },
};
// The names of telltale's events, and those of ECS for the same.
const NAMES: Readonly<Record<string, string>> = {
  client_ip: "client.ip",
  user_agent: "user_agent.original",
  user_id: "user.id",
  actor: "user.id",
  reason: "event.reason",
  rule: "rule.name",
  protocol: "network.protocol",
};
const HTTP_NAMES: Readonly<Record<string, string>> = {
  method: "http.request.method",
  status: "http.response.status_code",
  route: "http.route",
  request_bytes: "http.request.body.bytes",
  response_bytes: "http.response.body.bytes",
};
const OUTCOMES: Readonly<Record<string, string>> = {
  ok: "success",
  success: "success",
  error: "failure",
  failure: "failure",
  aborted: "failure",
  timeout: "failure",
  denied: "failure",
};

/** Takes out of an event of telltale's what ECS has names for; the fields of any other line stay as they are. */
export function ecsEvent(fields: Fields): { target: Fields; rest: Fields } {
  const { event, ...rest } = fields;
  const target: Fields = {};
  if (typeof event !== "string") return { target, rest: fields };
  target["event.action"] = event;
  const isHttp = event === "http_request";
  if (!isHttp && typeof rest["category"] !== "string") return { target, rest };
  Object.assign(target, KINDS[event]);
  if (isHttp) addPath(target, rest);
  else move("category", "event.module");
  move("outcome", "event.outcome", (outcome) => OUTCOMES[String(outcome)] ?? "unknown");
  move("duration_seconds", "event.duration", (seconds) => Math.round(Number(seconds) * 1e9));
  for (const name in NAMES) move(name, NAMES[name] as string);
  if (isHttp) for (const name in HTTP_NAMES) move(name, HTTP_NAMES[name] as string);

  function move(from: string, to: string, change?: (value: unknown) => unknown): void {
    const value = rest[from];
    if (value === undefined || value === null || to in target) return;
    target[to] = change === undefined ? value : change(value);
    delete rest[from];
  }

  return { target, rest };
}

function addPath(target: Fields, rest: Fields): void {
  const { path } = rest;
  if (typeof path !== "string") return;
  const mark = path.indexOf("?");
  target["url.original"] = path;
  target["url.path"] = mark === -1 ? path : path.slice(0, mark);
  if (mark !== -1) target["url.query"] = path.slice(mark + 1);
  delete rest["path"];
}
