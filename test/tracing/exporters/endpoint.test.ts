import { describe, expect, it } from "vitest";
import { isObservabilityError } from "../../../src/errors.js";
import { jaegerTarget, otlpUrl } from "../../../src/tracing/exporters/endpoint.js";

function complaintOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isObservabilityError(error) && error.code === "TELLTALE_OPTION") return error.message;
    throw error;
  }
  return expect.unreachable();
}

describe("otlpUrl", () => {
  it.each([
    ["http://collector:4318", "http://collector:4318/v1/traces"],
    ["https://collector", "https://collector/v1/traces"],
    ["https://collector/?key=1", "https://collector/v1/traces?key=1"],
    ["https://collector/otlp/v1/traces", "https://collector/otlp/v1/traces"],
  ])("turns %s into %s", (endpoint, url) => {
    expect(otlpUrl(endpoint)).toBe(url);
  });

  it.each(["collector:4318", "udp://collector:4318", "not a url", ""])("refuses %s by name", (endpoint) => {
    expect(complaintOf(() => otlpUrl(endpoint))).toContain(`tracing.endpoint is "${endpoint}": expected`);
  });
});

describe("jaegerTarget", () => {
  it.each([
    ["http://jaeger:14268", "http://jaeger:14268/api/traces"],
    ["https://jaeger/custom?format=jaeger.thrift", "https://jaeger/custom?format=jaeger.thrift"],
    ["http://jaeger:14268/?a=1", "http://jaeger:14268/api/traces?a=1"],
  ])("posts to %s at %s", (given, endpoint) => {
    expect(jaegerTarget(given)).toEqual({ over: "http", endpoint, username: "", password: "" });
  });

  it("takes credentials out of the URL, and bears a stray percent sign", () => {
    const target = jaegerTarget("http://user:p%40ss%zz@jaeger:14268");
    expect(target).toEqual({
      over: "http",
      endpoint: "http://jaeger:14268/api/traces",
      username: "user",
      password: "p@ss%zz",
    });
  });

  it.each([
    ["udp://agent:16832", "agent", 16832],
    ["udp://agent", "agent", 6832],
    ["agent:7000", "agent", 7000],
    ["localhost", "localhost", 6832],
    ["udp://[::1]:6832", "::1", 6832],
  ])("sends %s by UDP to %s port %i", (given, host, port) => {
    expect(jaegerTarget(given)).toEqual({ over: "udp", host, port });
  });

  it("refuses the port of compact Thrift and says which to take", () => {
    expect(complaintOf(() => jaegerTarget("udp://agent:6831"))).toMatch(/6831.*expected port 6832/);
  });

  it.each(["grpc://jaeger:14250", "udp://", "http://"])("refuses %s by name", (endpoint) => {
    expect(complaintOf(() => jaegerTarget(endpoint))).toContain(
      `tracing.endpoint is "${endpoint}": expected`,
    );
  });

  it("keeps a password out of its complaint", () => {
    expect(complaintOf(() => jaegerTarget("ftp://user:secret@jaeger"))).not.toContain("secret");
  });
});
