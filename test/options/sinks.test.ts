import { describe, expect, it } from "vitest";
import { createObservability } from "../../src/index.js";
import { type Environment, resolveOptions } from "../../src/options.js";

type Otlp = Readonly<Record<"url" | "headers" | "resource" | "timeoutMs", unknown>>;

function resolved(env: Environment, sink: object = { to: "otlp" }) {
  return resolveOptions({ service: "chat", logging: { sinks: [sink as { to: "otlp" }] } }, env).logging;
}

const otlpOf = (env: Environment, sink?: object) => resolved(env, sink).sinks?.[0] as unknown as Otlp;

describe("an otlp sink in OpenTelemetry's environment", () => {
  it("sends to the endpoint for logs as it is, else to /v1/logs below the one for all", () => {
    const all = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://all:4318/base/" };
    const logs = { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://logs:4318/own/" };
    expect(otlpOf({}).url).toBeUndefined();
    expect(otlpOf(all).url).toBe("http://all:4318/base/v1/logs");
    expect(otlpOf({ ...all, ...logs }).url).toBe("http://logs:4318/own/");
    expect(otlpOf({ ...all, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: " " }).url).toBe(
      "http://all:4318/base/v1/logs",
    );
    expect(otlpOf({ ...all, ...logs }, { to: "otlp", url: "http://code" }).url).toBe("http://code");
  });

  it("joins headers: code wins over those for logs, which win over those for all", () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: "a=all,b=all,c=all",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "b=logs,c=logs%20d",
    };
    expect(otlpOf(env).headers).toEqual({ a: "all", b: "logs", c: "logs d" });
    expect(otlpOf(env, { to: "otlp", headers: { b: "code" } }).headers).toMatchObject({
      a: "all",
      b: "code",
    });
  });

  it("waits as long as code, the variable for logs, or the one for all says", () => {
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: "700", OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "800" };
    expect(otlpOf({}).timeoutMs).toBeUndefined();
    expect(otlpOf({ ...env, OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "" }).timeoutMs).toBe(700);
    expect(otlpOf(env).timeoutMs).toBe(800);
    expect(otlpOf(env, { to: "otlp", timeoutMs: 900 }).timeoutMs).toBe(900);
  });

  it("complains about a timeout that is none, by the name of its variable", () => {
    expect(() => resolved({ OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "5s" })).toThrow(
      'createObservability: environment variable OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: expected a whole number of at least 1, got "5s".',
    );
  });

  it("takes resource attributes but for the name of the service, which the option gives", () => {
    const env = { OTEL_RESOURCE_ATTRIBUTES: "service.name=other,k8s.pod.name=chat%2D1,host.name=a" };
    expect(otlpOf(env).resource).toEqual({ "k8s.pod.name": "chat-1", "host.name": "a" });
    expect(otlpOf(env, { to: "otlp", resource: { "host.name": "b" } }).resource).toMatchObject({
      "host.name": "b",
    });
  });

  it("says which protocol was asked for in vain, the one for logs first", () => {
    const all = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
    expect(resolved({}).complaints).toEqual([]);
    expect(resolved({ OTEL_EXPORTER_OTLP_PROTOCOL: " HTTP/JSON " }).complaints).toEqual([]);
    expect(resolved({ ...all, OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/json" }).complaints).toEqual([]);
    expect(resolved({ ...all, OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/protobuf" }).complaints).toEqual([
      "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL asks for http/protobuf: log lines go as http/json, the only protocol of the otlp sink",
    ]);
    expect(resolved(all).complaints).toHaveLength(1);
    expect(resolved(all, { to: "stdout" }).complaints).toEqual([]);
  });
});

it("leaves other sinks, and what is none, as they are", () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://all:4318", OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "x" };
  const sink = { to: "loki", url: "http://loki:3100" };
  expect(resolved(env, sink).sinks).toEqual([sink]);
  expect(resolved(env, null as never).sinks).toEqual([null]);
});

it("tells the log once of a protocol that is not spoken", async () => {
  const lines: string[] = [];
  const before = process.env["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"];
  process.env["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"] = "grpc";
  try {
    const obs = createObservability({
      service: "chat",
      logging: {
        format: "json",
        sinks: [
          { to: "stream", stream: { write: (line) => lines.push(line) } },
          { to: "otlp", url: "http://127.0.0.1:1", level: "silent" },
        ],
      },
    });
    await obs.close();
  } finally {
    if (before === undefined) delete process.env["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"];
    else process.env["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"] = before;
  }
  expect(
    lines.filter((line) => line.includes("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL asks for grpc")),
  ).toHaveLength(1);
});
