import { describe, expect, test } from "vitest";
import { ObservabilityError } from "../src/errors.js";
import { type Environment, type ObservabilityOptions, resolveOptions } from "../src/options.js";

const resolve = (options: object = {}, env: Environment = {}) =>
  resolveOptions({ service: "chat", ...options } as ObservabilityOptions, env);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ObservabilityError);
    expect((error as ObservabilityError).code).toBe("TELLTALE_OPTION");
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

describe("the service's name", () => {
  test("is required, and the complaint names its variables", () => {
    expect(refusal(() => resolveOptions({}, {}))).toBe(
      "createObservability: option service: expected the name of the service (or TELLTALE_SERVICE, OTEL_SERVICE_NAME), got undefined.",
    );
  });

  test("comes from the option, then TELLTALE_SERVICE, then OTEL_SERVICE_NAME, then the resource attributes", () => {
    const env = { TELLTALE_SERVICE: "a", OTEL_SERVICE_NAME: "b", OTEL_RESOURCE_ATTRIBUTES: "service.name=c" };
    expect(resolveOptions({ service: "x" }, env).service).toBe("x");
    expect(resolveOptions({}, env).service).toBe("a");
    expect(resolveOptions({}, { ...env, TELLTALE_SERVICE: "" }).service).toBe("b");
    expect(resolveOptions({}, { OTEL_RESOURCE_ATTRIBUTES: "service.name=c" }).service).toBe("c");
  });

  test("is a label on every metric unless a prefix replaces it", () => {
    expect(resolve({ labels: { zone: "a" } }).labels).toEqual({ service: "chat", zone: "a" });
    expect(resolve({ prefix: "chat_", labels: { zone: "a" } }).labels).toEqual({ zone: "a" });
  });
});

describe("the group of processes", () => {
  const group = (options: object, value?: string) =>
    resolve({ metrics: options }, value === undefined ? {} : { TELLTALE_METRICS_GROUP: value }).metrics.group;

  test("is detected unless it is named or switched off, in code or by the environment", () => {
    expect(group({})).toBeUndefined();
    expect(group({ group: "jobs" })).toBe("jobs");
    expect(group({ group: false }, "jobs")).toBe(false);
    expect(group({}, "jobs")).toBe("jobs");
    for (const off of ["false", "off", "no", "0"]) expect(group({}, off)).toBe(false);
  });

  test("has a name, or is false", () => {
    for (const bad of [true, "", 7])
      expect(refusal(() => group({ group: bad }))).toContain(
        "metrics.group: expected a non-empty string, or false",
      );
  });
});

describe("bad options", () => {
  test.each([
    [{ service: "" }, 'option service: expected a non-empty string, got "".'],
    [{ service: 7 }, "option service: expected a non-empty string, got 7."],
    [
      { http: { buckets: [1, 0.5] } },
      "option http.buckets: expected an array of ascending finite numbers, got [1,0.5].",
    ],
    [
      { http: { buckets: [1, Number.POSITIVE_INFINITY] } },
      'option http.buckets: expected an array of ascending finite numbers, got [1,"Infinity"].',
    ],
    [
      { http: { exclude: ["/x", 3] } },
      'option http.exclude: expected an array of paths (`/x`, or `/x*` for a prefix), RegExps and functions (req) => boolean, got ["/x",3].',
    ],
    [{ http: "no" }, 'option http: expected an object of options, got "no".'],
    [{ tracing: true }, "option tracing: expected false or an object of options, got true."],
    [{ tracing: { sampleRatio: 2 } }, "option tracing.sampleRatio: expected a number from 0 to 1, got 2."],
    [
      { tracing: { exporter: "zipkn" } },
      'option tracing.exporter: expected one of "otlp", "jaeger", "zipkin", "console", "none", { type, endpoint, … }, an object with export() or onEnd(), or an array of these, got "zipkn".',
    ],
    [
      { logging: { level: "loud" } },
      'option logging.level: expected one of "trace", "debug", "info", "warn", "error", "fatal", "silent", got "loud".',
    ],
    [
      { logging: { destination: 3 } },
      "option logging.destination: expected a file path or an object with write(text), got 3.",
    ],
    [{ labels: { a: 1 } }, 'option labels: expected an object of strings, got {"a":1}.'],
    [
      { metrics: { maxSeriesPerFamily: 0 } },
      "option metrics.maxSeriesPerFamily: expected a whole number of at least 1, got 0.",
    ],
    [
      { metrics: { client: { register: {} } } },
      'option metrics.client: expected the module of prom-client 13 or later, or of its kin (import * as client from "prom-client"), got {"register":{}}.',
    ],
    [
      { http: { requestIdHeader: "x id" } },
      'option http.requestIdHeader: expected the name of a header (letters, digits and `-`), or an empty string for none, got "x id".',
    ],
    [{ metric: {} }, "unknown option metric. See docs/options.md."],
    [{ logging: { levle: "info" } }, "unknown option logging.levle. Did you mean logging.level?"],
    [
      { http: { outgoing: { host: [] } } },
      "unknown option http.outgoing.host. Did you mean http.outgoing.hosts?",
    ],
  ])("%j is refused by name, value and what is expected", (options, message) => {
    expect(refusal(() => resolve(options))).toBe(`createObservability: ${message}`);
  });

  test("a bad environment variable is refused by its own name", () => {
    expect(refusal(() => resolve({}, { LOG_LEVEL: "loud" }))).toContain(
      "environment variable LOG_LEVEL: expected one of",
    );
    expect(refusal(() => resolve({}, { TELLTALE_HTTP_BUCKETS: "1,x" }))).toContain(
      "environment variable TELLTALE_HTTP_BUCKETS",
    );
    expect(refusal(() => resolve({}, { TELLTALE_HTTP_STATUS_CLASS: "perhaps" }))).toContain(
      "expected true or false",
    );
  });

  test("values that cannot be shown as JSON are still shown", () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    expect(refusal(() => resolve({ labels: { a: circular } }))).toContain("got [an object]");
    expect(refusal(() => resolve({ version: 5n }))).toContain("got 5n");
    expect(refusal(() => resolve({ version: () => 1 }))).toContain("got a function");
  });
});

describe("the environment", () => {
  test("sets what the options leave open, and loses to them", () => {
    const env = {
      LOG_LEVEL: "debug",
      TELLTALE_HTTP_EXCLUDE: "/a, /b*",
      TELLTALE_HTTP_STATUS_CLASS: "1",
      TELLTALE_LABELS: "zone=eu%2Dwest,tier=web",
    };
    const settings = resolve({ logging: { level: "warn" } }, env);
    expect(settings.logging.level).toBe("warn");
    expect(settings.http.exclude).toEqual(["/a", "/b*"]);
    expect(settings.http.statusClass).toBe(true);
    expect(settings.labels).toEqual({ service: "chat", zone: "eu-west", tier: "web" });
  });

  test.each([
    [{}, { exporter: "none" }],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318/" },
      { exporter: "otlp", endpoints: { otlp: "http://c:4318/v1/traces", grpc: "http://c:4318/" } },
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://c:4318/x", OTEL_EXPORTER_OTLP_ENDPOINT: "http://d" },
      { exporter: "otlp", endpoints: { otlp: "http://c:4318/x", grpc: "http://c:4318/x" } },
    ],
    [
      { JAEGER_ENDPOINT: "http://j:14268/api/traces" },
      { exporter: "jaeger", endpoints: { jaeger: "http://j:14268/api/traces" } },
    ],
    [{ OTEL_EXPORTER_JAEGER_AGENT_HOST: "j" }, { exporter: "jaeger", endpoints: { jaeger: "udp://j:6832" } }],
    [
      { OTEL_EXPORTER_ZIPKIN_ENDPOINT: "http://z:9411/api/v2/spans" },
      { exporter: "zipkin", endpoints: { zipkin: "http://z:9411/api/v2/spans" } },
    ],
    [{ OTEL_TRACES_EXPORTER: "otlp, Jaeger" }, { exporter: ["otlp", "jaeger"] }],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, { protocol: "grpc" }],
    [
      { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
      { protocol: "http/json" },
    ],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" }, { compression: "gzip" }],
    [
      {
        OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca.pem",
        OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: "/key.pem",
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "/cert.pem",
      },
      { certificate: "/ca.pem", clientKey: "/key.pem", clientCertificate: "/cert.pem" },
    ],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "700" }, { exportTimeoutMs: 700 }],
    [
      {
        OTEL_BSP_SCHEDULE_DELAY: "50",
        OTEL_BSP_MAX_QUEUE_SIZE: "100",
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "10",
        OTEL_BSP_EXPORT_TIMEOUT: "900",
      },
      { batchDelayMs: 50, maxQueueSize: 100, maxBatchSize: 10, exportTimeoutMs: 900 },
    ],
    [
      {
        OTEL_ATTRIBUTE_COUNT_LIMIT: "9",
        OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "8",
        OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "7",
        OTEL_SPAN_EVENT_COUNT_LIMIT: "6",
        OTEL_SPAN_LINK_COUNT_LIMIT: "5",
        OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: "4",
        OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: "3",
      },
      {
        limits: { attributes: 8, valueLength: 7, events: 6, links: 5, eventAttributes: 4, linkAttributes: 3 },
      },
    ],
    [{ OTEL_NODE_RESOURCE_DETECTORS: "host,os" }, { resourceDetectors: ["host", "os"] }],
    [{ OTEL_NODE_RESOURCE_DETECTORS: "none" }, { resourceDetectors: [] }],
    [{ OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_ENDPOINT: "http://c" }, { exporter: "none" }],
    [{ OTEL_TRACES_EXPORTER: "console" }, { exporter: "console" }],
    [{ OTEL_TRACES_SAMPLER: "always_off" }, { sampleRatio: 0 }],
    [
      { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.25" },
      { sampleRatio: 0.25 },
    ],
    [{ OTEL_TRACES_SAMPLER_ARG: "0.25" }, { sampleRatio: 1 }],
    [{ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "much" }, { sampleRatio: 1 }],
    // Read by the exporter itself: a key for one collector is not shown to another.
    [{ OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b" }, { headers: {} }],
    [{ OTEL_RESOURCE_ATTRIBUTES: "team=x,service.name=y" }, { resource: { team: "x" }, service: "chat" }],
  ])("%j decides how traces are exported", (env, expected) => {
    expect(resolve({}, env).tracing).toMatchObject(expected);
  });

  test("switches tracing off whatever the code says: it is the operator's switch", () => {
    expect(resolve({}, { OTEL_SDK_DISABLED: "true" }).tracing).toBe(false);
    expect(resolve({}, { TELLTALE_TRACING: "false" }).tracing).toBe(false);
    expect(resolve({ tracing: false }).tracing).toBe(false);
    expect(resolve({ tracing: { exporter: "console" } }, { OTEL_SDK_DISABLED: "TRUE" }).tracing).toBe(false);
    expect(resolve({}, { OTEL_SDK_DISABLED: "false" }).tracing).not.toBe(false);
  });
});

test("an endpoint in the code means otlp, unless the exporter is named", () => {
  expect(resolve({ tracing: { endpoint: "http://c:4318" } }).tracing).toMatchObject({
    exporter: "otlp",
    endpoint: "http://c:4318",
  });
  expect(resolve({ tracing: { exporter: "jaeger", endpoint: "http://c:14268" } }).tracing).toMatchObject({
    exporter: "jaeger",
    endpoint: "http://c:14268",
  });
});

test("`outgoing: false` is short for not observing outgoing requests", () => {
  expect(resolve({ http: { outgoing: false } }).http.outgoing.enabled).toBe(false);
  expect(resolve().http.outgoing.enabled).toBe(true);
});

test("an option given as undefined is as if it were left out", () => {
  expect(resolve({ version: undefined, http: undefined, logging: { level: undefined } })).toEqual(resolve());
});
