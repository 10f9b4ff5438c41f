import type { Logger } from "pino";
import { redactUrl } from "../../logging/redact.js";
import type { Exchange } from "./exchange.js";
import type { Verdict } from "./outcome.js";

/** Writes the one line of an exchange: error for a server's fault, warn for a client that left, else info. */
export function writeAccessLog(log: Logger, exchange: Exchange, verdict: Verdict): void {
  const level = verdict.outcome === "ok" ? "info" : verdict.outcome === "error" ? "error" : "warn";
  if (!log.isLevelEnabled(level)) return;
  const { req } = exchange;
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
    ...(exchange.error === undefined || verdict.outcome !== "error" ? {} : { err: exchange.error }),
  };
  log[level](fields, verdict.outcome === "aborted" ? "request aborted" : "request completed");
}
