import { describe, expect, it } from "vitest";
import { createEvents } from "../../../src/logging/events/events.js";
import type { Events } from "../../../src/logging/events/types.js";
import type { LoggingSettings } from "../../../src/logging/index.js";
import { createHouse, type FakeHouse } from "../fakes.js";

function houseOf(settings: Partial<LoggingSettings> = {}): FakeHouse & { events: Events } {
  const house = createHouse(settings);
  return { ...house, events: createEvents(house.logger.component, settings.clientAddress ?? "masked") };
}

const peer = { clientIp: "203.0.113.9", connectionId: 9, protocol: "mtproto", protocolVersion: 2 };

describe("an event", () => {
  it.each<[string, (events: Events) => void, object]>([
    [
      "connect",
      ({ access }) => access.connect(peer),
      {
        level: "info",
        component: "access",
        connection_id: 9,
        protocol: "mtproto",
        protocol_version: 2,
        client_ip: "203.0.113.0",
      },
    ],
    [
      "disconnect",
      ({ access }) => access.disconnect({ ...peer, durationMs: 1500, reason: "idle" }),
      { level: "info", duration_seconds: 1.5, reason: "idle" },
    ],
    [
      "auth",
      ({ access }) => access.auth({ userId: "u1", outcome: "success", method: "key" }),
      { level: "info", outcome: "success", user_id: "u1", method: "key" },
    ],
    [
      "auth",
      ({ access }) => access.auth({ userId: "u1", outcome: "failure" }),
      { level: "warn", outcome: "failure" },
    ],
    [
      "forward",
      ({ access }) => access.forward({ upstream: "dc2", outcome: "denied" }),
      { level: "warn", upstream: "dc2" },
    ],
    [
      "protocol_violation",
      ({ access }) => access.protocolViolation({ reason: "bad length" }),
      { level: "warn", category: "access" },
    ],
    [
      "suspicious",
      ({ security }) => security.suspicious({ reason: "scan" }),
      { level: "warn", component: "security", category: "security" },
    ],
    [
      "blocked",
      ({ security }) => security.blocked({ reason: "list", rule: "r7", clientIp: "2001:db8:7::1" }),
      { rule: "r7", client_ip: "2001:db8:7::" },
    ],
    [
      "rate_limit",
      ({ security }) => security.rateLimit({ limiter: "login", limit: 5, windowMs: 60_000 }),
      { limiter: "login", limit: 5, window_seconds: 60 },
    ],
    [
      "certificate",
      ({ security }) => security.certificate({ reason: "expired", subject: "CN=a", validTo: new Date(0) }),
      { subject: "CN=a", valid_to: "1970-01-01T00:00:00.000Z" },
    ],
    [
      "slow_operation",
      ({ performance }) =>
        performance.slowOperation({ operation: "search", durationMs: 1234, thresholdMs: 500 }),
      { component: "performance", operation: "search", duration_seconds: 1.234, threshold_seconds: 0.5 },
    ],
    [
      "exhaustion",
      ({ performance }) => performance.exhaustion({ resource: "pool", used: 9, limit: 10 }),
      { resource: "pool", used: 9, limit: 10, usage_ratio: 0.9 },
    ],
    [
      "cache_ratio",
      ({ performance }) => performance.cacheRatio({ cache: "users", hitRatio: 0.2, threshold: 0.8 }),
      { cache: "users", hit_ratio: 0.2, threshold: 0.8 },
    ],
    [
      "error_growth",
      ({ performance }) =>
        performance.errorGrowth({ operation: "db", errors: 50, before: 5, windowMs: 60_000 }),
      { errors: 50, before: 5, window_seconds: 60 },
    ],
    [
      "audit",
      ({ audit }) => audit({ actor: "admin", action: "delete", target: "room 7", outcome: "success" }),
      {
        level: "info",
        component: "audit",
        actor: "admin",
        action: "delete",
        target: "room 7",
        outcome: "success",
      },
    ],
    [
      "ws_event",
      ({ ws }) => ws({ type: "message", direction: "in", sizeBytes: 120, userId: "u1", chatId: "c1" }),
      {
        level: "info",
        component: "websocket",
        type: "message",
        direction: "in",
        size_bytes: 120,
        user_id: "u1",
        chat_id: "c1",
      },
    ],
  ])("%s is named, of a category and in its component", (name, write, fields) => {
    const { events, last, lines } = houseOf();
    write(events);
    expect(lines).toHaveLength(1);
    expect(last()).toMatchObject({ event: name, category: last()["component"], ...fields });
    expect(last()["msg"]).toBe(name.replaceAll("_", " "));
  });

  it("of an error has its type, message, stack and causes, and a context that is bounded", () => {
    const { events, last, lines } = houseOf();
    const context: Record<string, unknown> = { room: 7, token: "t", big: "x".repeat(1e6) };
    context["self"] = context;
    events.error(new TypeError("bad", { cause: new Error("why") }), context);
    expect(last()).toMatchObject({
      level: "error",
      event: "error",
      msg: "bad",
      err: { type: "TypeError", message: "bad", stack: expect.any(String), cause: { message: "why" } },
      context: { room: 7, token: "[redacted]", self: expect.anything() },
    });
    expect(lines[0]?.length).toBeLessThan(100_000);
  });

  it("tells addresses as the option says", () => {
    for (const [clientAddress, told] of [
      ["full", "203.0.113.9"],
      ["masked", "203.0.113.0"],
      ["none", undefined],
    ] as const) {
      const { events, last } = houseOf({ clientAddress });
      events.access.connect(peer);
      expect(last()["client_ip"]).toBe(told);
    }
  });

  it("carries further fields, which stand back behind its own, and an error", () => {
    const { events, last } = houseOf();
    events.security.blocked({
      reason: "list",
      error: new RangeError("x"),
      fields: { event: "forged", asn: 64496 },
    });
    expect(last()).toMatchObject({ event: "blocked", asn: 64496, err: { type: "RangeError" } });
  });

  it("obeys the level of its category", () => {
    const { events, logger, lines } = houseOf({ levels: { access: "warn" } });
    events.access.connect(peer);
    expect(lines).toHaveLength(0);
    logger.setLevel("access", "info");
    events.access.connect(peer);
    expect(lines).toHaveLength(1);
  });

  it("never throws, whatever it is told", () => {
    const { events, lines, notes } = houseOf();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = [
      undefined,
      null,
      5,
      proxy,
      {
        get clientIp(): string {
          throw new Error("getter");
        },
      },
      { fields: proxy },
      { outcome: Symbol("x") },
    ];
    for (const facts of hostile) Reflect.apply(events.access.connect, undefined, [facts]);
    for (const error of [undefined, proxy, 5n]) events.error(error, proxy);
    expect(lines).toHaveLength(hostile.length + 3);
    expect(notes).toEqual([]);
  });

  it("has the names of ECS in that format", () => {
    const { events, last } = houseOf({ format: "ecs" });
    events.access.auth({ ...peer, userId: "u1", outcome: "denied", durationMs: 2, reason: "expired" });
    expect(last()).toMatchObject({
      "event.action": "auth",
      "event.category": ["authentication"],
      "event.module": "access",
      "event.outcome": "failure",
      "event.duration": 2_000_000,
      "event.reason": "expired",
      "client.ip": "203.0.113.0",
      "user.id": "u1",
      "network.protocol": "mtproto",
      connection_id: 9,
    });
  });
});
