import ecsFormat from "@elastic/ecs-pino-format";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { FormatName } from "../../../src/logging/formats/index.js";
import { createHouse, type FakeHouse } from "../fakes.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const EXCHANGE = {
  event: "http_request",
  method: "GET",
  route: "/rooms/:id",
  path: "/rooms/7?token=[redacted]",
  status: 503,
  outcome: "error",
  duration_seconds: 0.0123,
  request_bytes: 5,
  response_bytes: 12,
  client_ip: "203.0.113.0",
  user_agent: "curl/8",
};
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function houseOf(format: FormatName): FakeHouse {
  const house = createHouse({ format, version: "1.2.3", environment: "test" });
  house.ids.current = { traceId: TRACE, spanId: SPAN, traceFlags: 1, requestId: "r1" };
  return house;
}

function failure(): Error {
  const cause = Object.assign(new Error("refused"), { stack: "Error: refused\n    at y" });
  const error = new TypeError("bad", { cause });
  return Object.assign(error, { stack: "TypeError: bad\n    at x", code: "E1", shard: 3 });
}

describe("the document format", () => {
  it("is timestamp, level, component, message and fields, with the ids beside them", () => {
    const { logger, last } = houseOf("document");
    logger
      .component("tcp")
      .info({ client_ip: "203.0.113.0", connection_id: 9, protocol_version: 2 }, "connected");
    expect(last()).toEqual({
      timestamp: expect.stringMatching(ISO),
      level: "INFO",
      component: "tcp",
      message: "connected",
      fields: { client_ip: "203.0.113.0", connection_id: 9, protocol_version: 2 },
      trace_id: TRACE,
      span_id: SPAN,
      trace_flags: "01",
      request_id: "r1",
      service: "chat",
      version: "1.2.3",
      environment: "test",
    });
  });

  it.each(["trace", "debug", "info", "warn", "error", "fatal"] as const)("says %s in capitals", (level) => {
    const { logger, last } = houseOf("document");
    logger[level]("x");
    expect(last()["level"]).toBe(level.toUpperCase());
  });

  it("keeps every field of the caller's below fields, bound or logged, whatever its name", () => {
    const { logger, last } = houseOf("document");
    const forged = {
      level: "x",
      timestamp: "x",
      message: "x",
      component: "x",
      fields: "x",
      trace_id: "x",
      service: "x",
    };
    logger.component("db").child({ userId: 7 }).warn(forged, "real");
    expect(last()).toMatchObject({
      level: "WARN",
      message: "real",
      component: "db",
      trace_id: TRACE,
      service: "chat",
    });
    expect(last()["fields"]).toEqual({ ...forged, userId: 7 });
  });

  it("names the service where a logger has no component, and takes a child's for one", () => {
    const { logger, last } = houseOf("document");
    logger.info("x");
    expect(last()["component"]).toBe("chat");
    logger.child({ component: "db", a: 1 }).info("x");
    expect(last()).toMatchObject({ component: "db", fields: { a: 1 } });
  });

  it("always has a message, and fields only where there are some", () => {
    const { logger, last, lines } = houseOf("document");
    logger.info({ a: 1 });
    expect(last()["message"]).toBe("");
    Reflect.apply(logger.info, logger, []);
    expect(last()["message"]).toBe("");
    Reflect.apply(logger.info, logger, [undefined, "text"]);
    expect(last()["message"]).toBe("text");
    expect(last()).not.toHaveProperty("fields");
    expect(lines).toHaveLength(3);
  });

  it("writes the flags of a trace as traceparent does", () => {
    const { logger, last, ids } = houseOf("document");
    for (const [traceFlags, text] of [
      [0, "00"],
      [255, "ff"],
    ] as const) {
      ids.current = { traceId: TRACE, spanId: SPAN, traceFlags, requestId: "" };
      logger.info("x");
      expect(last()["trace_flags"]).toBe(text);
    }
  });
});

describe("the ecs format", () => {
  it("writes what @elastic/ecs-pino-format writes, besides its ids", () => {
    const theirs: string[] = [];
    const options = ecsFormat({
      serviceName: "chat",
      serviceVersion: "1.2.3",
      serviceEnvironment: "test",
      apmIntegration: false,
    });
    const elastic = pino(
      { ...options, base: {}, level: "trace" },
      { write: (line: string) => void theirs.push(line) },
    );
    const { logger, lines } = houseOf("ecs");
    const error = Object.assign(new TypeError("bad"), { stack: "TypeError: bad\n    at x" });
    for (const log of [elastic, logger]) {
      log.info("text");
      log.warn({ foo: 1, labels: { a: "b" } }, "fields");
      log.error({ err: error }, "failed");
      log.fatal(error);
      log.child({ bound: true }).debug("child");
    }
    const ours = lines.map(comparable);
    expect(ours).toEqual(theirs.map(comparable));
    expect(ours).toHaveLength(5);
  });

  it("names trace, span and request, and the component as the logger", () => {
    const { logger, last } = houseOf("ecs");
    logger.component("db").info("x");
    expect(last()).toMatchObject({
      "trace.id": TRACE,
      "span.id": SPAN,
      "http.request.id": "r1",
      "log.logger": "db",
      "event.dataset": "chat",
    });
  });

  it("has one event.dataset, also in a child that sets another", () => {
    const { logger, last, lines } = houseOf("ecs");
    logger.child({ "event.dataset": "mine" }).info("x");
    expect(last()).toMatchObject({ "event.dataset": "chat", "event.dataset_": "mine" });
    expect(lines[0]?.match(/"event\.dataset"/g)).toHaveLength(1);
  });

  it("gives the access line the names of http, url, event, client and user agent", () => {
    const { logger, last } = houseOf("ecs");
    logger.component("http").error({ ...EXCHANGE, err: failure() }, "request completed");
    const { "@timestamp": _time, error: _error, ...line } = last();
    expect(line).toEqual({
      "log.level": "error",
      "trace.id": TRACE,
      "span.id": SPAN,
      "http.request.id": "r1",
      "ecs.version": "8.10.0",
      "service.name": "chat",
      "service.version": "1.2.3",
      "service.environment": "test",
      "event.dataset": "chat",
      "log.logger": "http",
      message: "request completed",
      "event.action": "http_request",
      "event.category": ["web"],
      "event.type": ["access"],
      "event.outcome": "failure",
      "event.duration": 12_300_000,
      "http.request.method": "GET",
      "http.request.body.bytes": 5,
      "http.response.status_code": 503,
      "http.response.body.bytes": 12,
      "http.route": "/rooms/:id",
      "url.original": "/rooms/7?token=[redacted]",
      "url.path": "/rooms/7",
      "url.query": "token=[redacted]",
      "client.ip": "203.0.113.0",
      "user_agent.original": "curl/8",
    });
  });

  it("tells an error with its causes in the stack, and a code as a keyword", () => {
    const { logger, last } = houseOf("ecs");
    logger.error(Object.assign(failure(), { code: 5 }));
    expect(last()["error"]).toEqual({
      type: "TypeError",
      message: "bad",
      stack_trace: "TypeError: bad\n    at x\nCaused by: Error: refused\n    at y",
      code: "5",
      details: { shard: 3 },
    });
  });

  it("moves aside what an index of ECS would refuse, and leaves what it takes", () => {
    const { logger, last } = houseOf("ecs");
    logger.info({
      user: "bob",
      host: 1,
      service: { id: "s" },
      error: "text",
      url: null,
      tags: ["a"],
      event: "mine",
      plain: 1,
    });
    expect(last()).toMatchObject({
      user_: "bob",
      host_: 1,
      service: { id: "s" },
      error_: "text",
      url_: null,
      tags: ["a"],
      "event.action": "mine",
      plain: 1,
    });
    for (const name of ["user", "host", "error", "url", "event"]) expect(last()).not.toHaveProperty(name);
  });
});

describe("the logstash format", () => {
  it("is the layout of logstash-logback-encoder", () => {
    const { logger, last } = houseOf("logstash");
    logger.component("db").warn({ rows: 3 }, "slow");
    expect(last()).toEqual({
      "@timestamp": expect.stringMatching(ISO),
      "@version": "1",
      level: "WARN",
      level_value: 30_000,
      logger_name: "db",
      message: "slow",
      rows: 3,
      trace_id: TRACE,
      span_id: SPAN,
      request_id: "r1",
      service: "chat",
      version: "1.2.3",
      environment: "test",
    });
  });

  it("tells an error by stack_trace and throwable", () => {
    const { logger, last } = houseOf("logstash");
    logger.error(failure(), "failed");
    expect(last()).toMatchObject({
      message: "failed",
      stack_trace: "TypeError: bad\n    at x\nCaused by: Error: refused\n    at y",
      throwable_class: "TypeError",
      throwable_message: "bad",
      throwable_details: { code: "E1", shard: 3 },
    });
    expect(last()).not.toHaveProperty("err");
  });

  it("keeps the fields that Logstash reads itself for Logstash", () => {
    const { logger, last } = houseOf("logstash");
    logger.info({
      "@timestamp": 1,
      "@version": 2,
      "@metadata": { index: "x" },
      tags: { a: 1 },
      level: 9,
      logger_name: "x",
    });
    expect(last()).toMatchObject({
      "@timestamp_": 1,
      "@version_": 2,
      "@metadata_": { index: "x" },
      tags_: { a: 1 },
      level_: 9,
    });
    expect(last()).toMatchObject({ "@version": "1", level: "INFO", logger_name: "chat", logger_name_: "x" });
    logger.info({ tags: ["a", "b"] });
    expect(last()["tags"]).toEqual(["a", "b"]);
  });
});

describe("the gcp format", () => {
  it("has severity, message, time, trace, span and service context", () => {
    const house = createHouse({ format: "gcp", version: "1.2.3", gcpProject: "my-project" });
    house.ids.current = { traceId: TRACE, spanId: SPAN, traceFlags: 0, requestId: "" };
    house.logger.component("db").info({ rows: 3 }, "done");
    expect(house.last()).toEqual({
      severity: "INFO",
      time: expect.stringMatching(ISO),
      message: "done",
      serviceContext: { service: "chat", version: "1.2.3" },
      component: "db",
      rows: 3,
      "logging.googleapis.com/trace": `projects/my-project/traces/${TRACE}`,
      "logging.googleapis.com/spanId": SPAN,
      "logging.googleapis.com/trace_sampled": false,
    });
  });

  it("names only the trace where the project is not known", () => {
    const { logger, last } = houseOf("gcp");
    logger.info("x");
    expect(last()).toMatchObject({
      "logging.googleapis.com/trace": TRACE,
      "logging.googleapis.com/trace_sampled": true,
      request_id: "r1",
    });
  });

  it.each([
    ["trace", "DEBUG"],
    ["debug", "DEBUG"],
    ["info", "INFO"],
    ["warn", "WARNING"],
    ["error", "ERROR"],
    ["fatal", "CRITICAL"],
  ] as const)("says %s as %s", (level, severity) => {
    const { logger, last } = houseOf("gcp");
    logger[level]("x");
    expect(last()["severity"]).toBe(severity);
  });

  it("gives the access line as an HttpRequest, sizes as texts and the latency as a duration", () => {
    const { logger, last } = houseOf("gcp");
    logger.component("http").info(EXCHANGE, "request completed");
    expect(last()["httpRequest"]).toEqual({
      requestMethod: "GET",
      requestUrl: "/rooms/7?token=[redacted]",
      requestSize: "5",
      status: 503,
      responseSize: "12",
      userAgent: "curl/8",
      remoteIp: "203.0.113.0",
      latency: "0.012300s",
    });
    expect(last()).toMatchObject({ event: "http_request", route: "/rooms/:id", outcome: "error" });
    expect(last()).not.toHaveProperty("method");
  });

  it("makes an error of level error a case for Error Reporting, and a lesser one only its stack", () => {
    const { logger, last } = houseOf("gcp");
    logger.error(failure());
    expect(last()).toMatchObject({
      message: "bad",
      "@type": "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent",
      stack_trace: "TypeError: bad\n    at x\nCaused by: Error: refused\n    at y",
      error: { type: "TypeError", message: "bad", code: "E1", shard: 3 },
    });
    logger.warn(failure());
    expect(last()).not.toHaveProperty("@type");
    expect(last()["stack_trace"]).toContain("Caused by: ");
  });

  it("keeps what Cloud Logging takes out of a line for its own", () => {
    const { logger, last } = houseOf("gcp");
    logger
      .component("db")
      .info({ severity: "x", httpRequest: 1, timestamp: 2, "@type": "y", component: "z", serviceContext: 3 });
    expect(last()).toMatchObject({
      severity_: "x",
      httpRequest_: 1,
      timestamp_: 2,
      "@type_": "y",
      component_: "z",
    });
    expect(last()).toMatchObject({ severity: "INFO", component: "db", serviceContext_: 3 });
  });
});

describe("the pretty format", () => {
  it("shows the fields of a child and of the work under way once", () => {
    const { logger, lines, ids } = houseOf("pretty");
    ids.fields = { userId: 7 };
    logger.component("db").child({ step: 1 }).info({ step: 2 }, "text");
    expect(lines[0]).toMatch(
      / INFO: {2}\[db\] text userId=7 step=2 request_id=r1 trace_id=4bf9\w+ span_id=\w+\n$/,
    );
  });
});

/** A line with dotted names as trees, without what differs by design: the time and the ids. */
function comparable(line: string): object {
  const tree: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(JSON.parse(line) as Record<string, unknown>)) {
    if (/^(?:@timestamp|trace\.id|span\.id|http\.request\.id)$/.test(name)) continue;
    let node = tree;
    const keys = name.split(".");
    for (const key of keys.slice(0, -1)) node = (node[key] ??= {}) as Record<string, unknown>;
    node[keys.at(-1) as string] = value;
  }
  return tree;
}
