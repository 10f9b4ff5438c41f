import type { Logger } from "pino";
import { type ClientAddress, tellAddress } from "../client-address.js";
import { read } from "../walk.js";
import type { EventFacts, Events, WriteEvent } from "./types.js";

type Level = "info" | "warn";
type Given = Readonly<Record<string, unknown>>;

const CAPITAL = /[A-Z]/g;
const MS = /Ms$/;

/** Makes the events of a service. Each is written by the component of its category, whose level may keep it quiet. */
export function createEvents(component: (name: string) => Logger, address: ClientAddress): Events {
  function event<Facts extends EventFacts>(category: string, name: string, level: Level): WriteEvent<Facts> {
    return (facts) => {
      const log = component(category);
      const loud = level === "info" && isFailure(facts) ? "warn" : level;
      if (log.isLevelEnabled(loud))
        log[loud](fieldsOf({ event: name, category }, facts, address), name.replaceAll("_", " "));
    };
  }

  return {
    access: {
      connect: event("access", "connect", "info"),
      disconnect: event("access", "disconnect", "info"),
      auth: event("access", "auth", "info"),
      forward: event("access", "forward", "info"),
      protocolViolation: event("access", "protocol_violation", "warn"),
    },
    security: {
      suspicious: event("security", "suspicious", "warn"),
      blocked: event("security", "blocked", "warn"),
      rateLimit: event("security", "rate_limit", "warn"),
      certificate: event("security", "certificate", "warn"),
    },
    performance: {
      slowOperation: event("performance", "slow_operation", "warn"),
      exhaustion: event("performance", "exhaustion", "warn"),
      cacheRatio: event("performance", "cache_ratio", "warn"),
      errorGrowth: event("performance", "error_growth", "warn"),
    },
    audit: event("audit", "audit", "info"),
    ws: event("websocket", "ws_event", "info"),
    error(error, context) {
      const told = context === undefined ? {} : { context };
      component("error").error({ event: "error", category: "error", err: error, ...told });
    },
  };
}

function isFailure(facts: unknown): boolean {
  const outcome = typeof facts === "object" && facts !== null ? read(facts, "outcome") : undefined;
  return outcome === "failure" || outcome === "denied";
}

/** Facts under the names of fields: `connectionId` as `connection_id`, milliseconds as seconds. */
function fieldsOf(head: Given, facts: unknown, address: ClientAddress): Given {
  const { fields, ...own } = copy(facts);
  const target: Record<string, unknown> = { ...copy(fields), ...head };
  for (const name in own) {
    const value = own[name];
    if (value === undefined) continue;
    if (name === "clientIp") target["client_ip"] = tellAddress(value, address);
    else if (name === "error") target["err"] = value;
    else if (MS.test(name)) target[`${snake(name.replace(MS, ""))}_seconds`] = Number(value) / 1000;
    else target[snake(name)] = value;
  }
  const { used, limit } = target;
  if (typeof used === "number" && typeof limit === "number" && limit > 0)
    target["usage_ratio"] = used / limit;
  return target;
}

function snake(name: string): string {
  return name.replace(CAPITAL, (letter) => `_${letter.toLowerCase()}`);
}

function copy(source: unknown): Record<string, unknown> {
  const target: Record<string, unknown> = {};
  if (typeof source !== "object" || source === null) return target;
  try {
    for (const name of Object.keys(source)) target[name] = read(source, name);
  } catch {
    // A proxy may refuse to be looked at; the event is worth telling all the same.
  }
  return target;
}
