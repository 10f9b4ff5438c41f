import { describe, expect, it } from "vitest";
import { presetOf } from "../../../src/metrics/naming/presets/index.js";
import { createFixture, type Fixture } from "../family-fixture.js";

const labelNames = ["method", "route", "status"] as const;
const requests = { name: "http_requests_total", help: "h", labelNames } as const;
const duration = { name: "http_request_duration_seconds", help: "h", labelNames, buckets: [1] } as const;

async function linesOf({ lines }: Fixture, name: string): Promise<string[]> {
  return (await lines()).filter((line) => line.startsWith(name));
}

describe("a rename over a vocabulary", () => {
  it("keeps the form of the values, and what is derived from the label besides", async () => {
    const rename = { http_requests_total: { labels: { route: "where", status: "code" } } } as const;
    const promster = createFixture({ naming: "promster", rename });
    promster.metrics.counter(requests).inc({ method: "GET", route: "/a/:b", status: 500 });
    expect(await promster.lines()).toEqual([
      'http_requests_total{method="get",where="/a/#val",code="500"} 1',
    ]);
    const otel = createFixture({ naming: "otel", rename });
    otel.metrics.counter(requests).labels("GET", "/a", 500).inc();
    expect(await otel.lines()).toEqual([
      'http_requests_total{http_request_method="GET",where="/a",code="500",error_type="500"} 1',
    ]);
  });

  it("gives labels back that the vocabulary leaves out", async () => {
    const rename = { http_requests_in_flight: { labels: { method: "verb" } } };
    const { metrics, lines } = createFixture({ naming: "swagger-stats", rename });
    metrics
      .gauge({ name: "http_requests_in_flight", help: "h", labelNames: ["method"] })
      .inc({ method: "GET" });
    expect(await lines()).toEqual(['api_all_request_in_processing_total{verb="GET"} 1']);
  });
});

describe("a vocabulary", () => {
  it("does not throw for a value that has no text", async () => {
    const { metrics, lines } = createFixture({ naming: "promster" });
    const thrower = {
      toString(): string {
        throw new Error("no");
      },
    };
    (metrics.counter(requests).inc as (labels: object) => void)({
      method: thrower,
      route: Symbol("x"),
      status: 1,
    });
    expect(await lines()).toEqual(['http_requests_total{method="",path="Symbol(x)",status_code="1"} 1']);
  });

  it("does not zero a series whose values other label sets share", async () => {
    const fixture = createFixture({ naming: "promster" });
    const histogram = fixture.metrics.histogram(duration);
    histogram.observe({ method: "GET", route: "/a/:b", status: 200 }, 3);
    histogram.labels("GET", "/a/:c", 200).zero();
    expect(await linesOf(fixture, "http_request_duration_seconds_sum")).toEqual([
      'http_request_duration_seconds_sum{method="get",path="/a/#val",status_code="200"} 3',
    ]);
  });

  it("resets its copies with the family that feeds them", async () => {
    const fixture = createFixture({ naming: "swagger-stats" });
    const counter = fixture.metrics.counter(requests);
    counter.inc({ method: "GET", route: "/", status: 200 });
    counter.reset();
    expect(await linesOf(fixture, "api_")).toEqual([
      "api_all_request_total 0",
      "api_all_success_total 0",
      "api_all_errors_total 0",
      "api_all_client_error_total 0",
      "api_all_server_error_total 0",
    ]);
  });

  it("tells the catalog of its copies, as they are exported", () => {
    const { metrics } = createFixture({ naming: "fastify-metrics", prefix: "p_" });
    expect(metrics.naming.describe("histogram", { ...duration, unit: "seconds" })).toMatchObject([
      { type: "histogram", exported: "p_http_request_duration_seconds", buckets: [1] },
      {
        type: "summary",
        exported: "p_http_request_summary_seconds",
        exportedLabels: ["method", "route", "status_code"],
        unit: "seconds",
      },
    ]);
  });
});

describe("the OpenTelemetry vocabulary", () => {
  it("takes a host apart, and calls a call without a response an error", async () => {
    const { metrics, lines } = createFixture({ naming: "otel" });
    const options = {
      name: "http_client_requests_total",
      help: "h",
      labelNames: ["method", "host", "status"],
    };
    const calls = metrics.counter(options);
    for (const [host, status] of [
      ["api:8080", "200"],
      ["[::1]:99", "404"],
      ["api", ""],
    ])
      calls.labels("GET", host, status).inc();
    const name = 'http_client_requests_total{http_request_method="GET",server_address=';
    expect(await lines()).toEqual([
      `${name}"api",server_port="8080",http_response_status_code="200",error_type=""} 1`,
      `${name}"[::1]",server_port="99",http_response_status_code="404",error_type="404"} 1`,
      `${name}"api",server_port="",http_response_status_code="",error_type="_OTHER"} 1`,
    ]);
  });

  it("reads scheme and version from the request", () => {
    const { url_scheme: scheme, network_protocol_version: version } = presetOf("otel").requestLabels ?? {};
    expect([
      scheme?.({ protocol: "https" }),
      scheme?.({ socket: { encrypted: true } }),
      scheme?.({ protocol: "gopher", socket: null }),
    ]).toEqual(["https", "https", "http"]);
    expect(["1.0", "1.1", "2.0"].map((httpVersion) => version?.({ httpVersion }))).toEqual([
      "1.0",
      "1.1",
      "2",
    ]);
  });
});
