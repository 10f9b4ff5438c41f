import type { Logger } from "pino";
import { MEMBERS } from "../../../logging/known-line.js";
import { redactUrl } from "../../../logging/redact.js";
import { writeAccessMembers } from "./access-members.js";
import type { Exchange } from "./exchange.js";
import type { Verdict } from "./outcome.js";

const MAX_AGENT_CHARS = 256;

/** Writes the one line of an exchange: error for a server's fault, warn for a client that left early, else info. */
export function writeAccessLog(log: Logger, exchange: Exchange, verdict: Verdict): void {
  const level = levelOf(exchange, verdict);
  if (!log.isLevelEnabled(level)) return;
  const { req } = exchange;
  const hasError = exchange.error !== undefined && verdict.outcome === "error";
  const fields = {
    event: "http_request",
    method: req.method,
    route: exchange.route() ?? null,
    path: redactUrl(req.originalUrl ?? req.url ?? "/"),
    status: verdict.status,
    outcome: verdict.outcome,
    duration_seconds: Math.round((exchange.endedAt - exchange.startedAt) * 1000) / 1e6,
    request_bytes: exchange.receivedBytes,
    response_bytes: exchange.sentBytes,
    client_ip: exchange.clientIp,
    user_agent: req.headers["user-agent"]?.slice(0, MAX_AGENT_CHARS),
    [MEMBERS]: hasError ? undefined : writeAccessMembers,
  };
  const text = verdict.outcome === "aborted" ? "request aborted" : "request completed";
  log[level](hasError ? { ...fields, err: exchange.error } : fields, text);
}

// A reader leaves a stream when it has read enough: that is how streams end.
function levelOf({ streaming }: Exchange, { outcome }: Verdict): "info" | "warn" | "error" {
  if (outcome === "error") return "error";
  return outcome === "aborted" && !streaming ? "warn" : "info";
}
