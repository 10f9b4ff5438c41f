import { describe, expect, it } from "vitest";
import { ObservabilityError } from "../../src/errors.js";
import { type NamedTarget, resolveTargets } from "../../src/tracing/targets.js";
import type { ExporterSettings } from "../../src/tracing/types.js";

function resolve(exporter: unknown, more: Partial<ExporterSettings> = {}): (string | NamedTarget)[] {
  const targets = resolveTargets({ exporter, headers: {}, ...more } as ExporterSettings);
  return targets.map((target) => (target.kind === "named" ? target.named : target.kind));
}

const own = { export: () => undefined, shutdown: () => Promise.resolve() };

describe("resolveTargets", () => {
  it("gives an exporter that is but named what the settings say", () => {
    const settings = {
      endpoint: "http://c:4318",
      headers: { "api-key": "k" },
      protocol: "http/json",
      compression: "gzip",
      certificate: "/ca.pem",
      exportTimeoutMs: 70,
    } as const;
    expect(resolve("otlp", settings)).toEqual([
      {
        type: "otlp",
        endpoint: "http://c:4318",
        exact: false,
        headers: { "api-key": "k" },
        protocol: "http/json",
        compression: "gzip",
        certificate: "/ca.pem",
        clientCertificate: undefined,
        clientKey: undefined,
        timeoutMs: 70,
      },
    ]);
  });

  it("lets what one exporter says of itself win", () => {
    const mine = {
      type: "otlp",
      endpoint: "http://mine:4317",
      headers: { mine: "1" },
      protocol: "grpc",
      timeoutMs: 5,
      compression: undefined,
    };
    const [target] = resolve(mine, { endpoint: "http://c", headers: { c: "1" }, compression: "gzip" });
    expect(target).toMatchObject({ ...mine, compression: "gzip" });
  });

  it("takes the endpoint of each from the environment, by its protocol too, and to the letter", () => {
    const endpoints = { otlp: "http://o/v1/traces", grpc: "http://o", jaeger: "udp://j", zipkin: "http://z" };
    const targets = resolve(
      ["otlp", { type: "otlp", protocol: "grpc" }, "jaeger", "zipkin", "console", own],
      {
        endpoints,
      },
    );
    expect(targets.map((target) => (typeof target === "string" ? target : target.endpoint))).toEqual([
      "http://o/v1/traces",
      "http://o",
      "udp://j",
      "http://z",
      undefined,
      "exporter",
    ]);
    expect((targets[0] as NamedTarget).exact).toBe(true);
  });

  it("gives the one endpoint to the one exporter that needs it", () => {
    const targets = resolve(["console", "otlp", { type: "zipkin", endpoint: "http://z" }, own], {
      endpoint: "http://c",
    });
    expect((targets[1] as NamedTarget).endpoint).toBe("http://c");
  });

  it("refuses one endpoint for two exporters", () => {
    expect(() => resolve(["otlp", "jaeger"], { endpoint: "http://c" })).toThrow(
      new ObservabilityError(
        "TELLTALE_OPTION",
        'tracing.endpoint is given for otlp and jaeger: expected an endpoint for each, as in { type: "otlp", endpoint: "…" }',
      ),
    );
  });

  it("numbers exporters of the same name", () => {
    const targets = resolveTargets({ exporter: ["otlp", "otlp", own, own] as never, headers: {} });
    expect(targets.map(({ name }) => name)).toEqual(["otlp", "otlp-2", "custom", "custom-2"]);
  });

  it.each([
    [
      "tempo",
      'tracing.exporter is "tempo": expected one of none, console, jaeger, otlp, zipkin, or an object',
    ],
    ["toString", 'tracing.exporter is "toString": expected one of none'],
    [{ export: true }, "tracing.exporter is a value of type object: expected one of none"],
    [null, "tracing.exporter is null: expected one of none"],
    [7, "tracing.exporter is 7: expected one of none"],
    [[], "tracing.exporter is an empty array: expected one of none"],
    [["otlp", "none"], 'tracing.exporter[1] is "none": expected one of console, jaeger'],
    [
      { type: "tempo" },
      'tracing.exporter.type is "tempo": expected one of "console", "jaeger", "otlp", "zipkin"',
    ],
    [
      [{ type: "otlp", url: "x" }],
      "tracing.exporter[0].url is an unknown option: expected one of type, endpoint",
    ],
    [{ type: "otlp", toString: 1 }, "tracing.exporter.toString is an unknown option"],
    [
      { type: "otlp", protocol: "http" },
      'tracing.exporter.protocol is "http": expected one of "http/protobuf"',
    ],
    [
      { type: "otlp", timeoutMs: 0 },
      "tracing.exporter.timeoutMs is 0: expected a whole number of at least 1",
    ],
    [{ type: "otlp", endpoint: "" }, 'tracing.exporter.endpoint is "": expected the URL of a collector'],
  ])("refuses %j by name, with what is expected", (exporter, complaint) => {
    expect(() => resolve(exporter)).toThrow(ObservabilityError);
    expect(() => resolve(exporter)).toThrow(complaint);
  });

  it("shows no header in a complaint, for it may be a secret", () => {
    const complaint = (headers: unknown) => {
      try {
        resolve({ type: "otlp", headers });
      } catch (error) {
        return String(error);
      }
      return "";
    };
    expect(complaint({ authorization: 7, token: "s3cret" })).toMatch(
      /tracing\.exporter\.headers is a value of type object: expected an object of strings/,
    );
    expect(complaint("Bearer s3cret")).not.toContain("s3cret");
  });
});
