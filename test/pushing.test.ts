import { afterEach, describe, expect, it, vi } from "vitest";
import { createObservability, type Observability, type ObservabilityOptions } from "../src/index.js";
import { withOtlpEnvironment } from "../src/options/push.js";
import { resolveOptions } from "../src/options.js";
import { decodeExport } from "./metrics/push/protos.js";
import { startReceiver } from "./metrics/push/receiver.js";

const open: Observability[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((obs) => obs.close()));
  vi.unstubAllEnvs();
});

function create(options: ObservabilityOptions = {}): Observability {
  const obs = createObservability({ service: "chat", logging: { level: "silent" }, ...options });
  open.push(obs);
  return obs;
}

const configured = (env: Record<string, string>, push?: object) =>
  resolveOptions({ service: "chat", ...(push === undefined ? {} : { metrics: { push } }) }, env).metrics.push;

describe("obs.metrics.push()", () => {
  it("counts pushes by outcome, and notes when the last was taken", async () => {
    const receiver = await startReceiver(200, 400);
    const obs = create();
    const pusher = obs.metrics.push({ to: "pushgateway", url: receiver.url, pushOnClose: false });
    await pusher.push();
    await pusher.push();
    const text = await obs.metrics.registry.metrics();
    const lines = text.replace(/ +/g, " ");
    expect(lines).toContain('telltale_push_total{to="pushgateway",outcome="ok",service="chat"} 1');
    expect(lines).toContain('telltale_push_total{to="pushgateway",outcome="rejected",service="chat"} 1');
    expect(lines).toContain('telltale_errors_total{part="push",service="chat"} 1');
    expect(lines).toMatch(/telltale_push_last_success_timestamp_seconds\{.*\} 1\d{9}/);
    expect(obs.catalog.map(({ name }) => name)).toContain("telltale_push_total");
  });

  it("declares nothing of its own until it is asked for", () => {
    expect(create().catalog.filter(({ name }) => name.startsWith("telltale_push"))).toEqual([]);
  });

  it("is no traffic of the service's: no outgoing call is counted, no traceparent sent", async () => {
    const receiver = await startReceiver(200);
    const obs = create();
    await obs.metrics.push({ to: "pushgateway", url: receiver.url }).push();
    expect(await obs.metrics.registry.metrics()).not.toMatch(/^http_client_requests_total/m);
    expect(receiver.received[0]?.headers["traceparent"]).toBeUndefined();
  });

  it("puts host, process and a random number into the instance, the same for all pushers of one instance", async () => {
    const receiver = await startReceiver(200);
    const [one, two] = [create(), create()];
    for (const obs of [one, one, two])
      await obs.metrics.push({ to: "pushgateway", url: receiver.url, pushOnClose: false }).push();
    const [first, second, third] = receiver.received.map(({ url }) => url);
    expect(first).toMatch(
      new RegExp(`^/metrics/job/chat/instance(@base64/|/.*-${process.pid}-[0-9a-f]{8}$)`),
    );
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("pushes a last time on obs.close(), with what was recorded just before", async () => {
    const receiver = await startReceiver(200);
    const obs = create();
    obs.metrics.push({ to: "pushgateway", url: receiver.url });
    obs.metrics.counter({ name: "late_total", help: "L." }).inc();
    await obs.close();
    expect(receiver.received.map(({ body }) => /^late_total.* (.*)$/m.exec(String(body))?.[1])).toEqual([
      "1",
    ]);
  });

  it("says what is missing where neither options nor metrics.push are given", () => {
    expect(() => create().metrics.push()).toThrow(/metrics\.push: found no options/);
  });
});

describe("metrics.push", () => {
  it("is switched on by environment variables alone, and handed out by push()", async () => {
    const receiver = await startReceiver(200);
    vi.stubEnv("TELLTALE_PUSH_TO", "pushgateway");
    vi.stubEnv("TELLTALE_PUSH_URL", receiver.url);
    vi.stubEnv("TELLTALE_PUSH_JOB", "nightly");
    vi.stubEnv("TELLTALE_PUSH_INSTANCE", "false");
    vi.stubEnv("TELLTALE_PUSH_GROUPING", "zone=a");
    const obs = create();
    expect(obs.metrics.push()).toBe(obs.metrics.push());
    await obs.metrics.push().push();
    expect(receiver.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "PUT /metrics/job/nightly/zone/a",
    ]);
  });

  it("has an interval of a minute, or OTEL_METRIC_EXPORT_INTERVAL, or the one given", () => {
    const env = { TELLTALE_PUSH_TO: "otlp" };
    expect(configured(env)).toEqual({ to: "otlp", intervalMs: 60_000 });
    expect(configured({ ...env, OTEL_METRIC_EXPORT_INTERVAL: "5000" })?.intervalMs).toBe(5000);
    expect(configured({ ...env, OTEL_METRIC_EXPORT_INTERVAL: "5000" }, { intervalMs: 0 })?.intervalMs).toBe(
      0,
    );
    expect(() => configured({ ...env, OTEL_METRIC_EXPORT_INTERVAL: "soon" })).toThrow(
      /OTEL_METRIC_EXPORT_INTERVAL/,
    );
  });

  it("is off unless `to` is set, whatever OpenTelemetry's variables say", () => {
    expect(
      configured({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://x", OTEL_METRIC_EXPORT_INTERVAL: "soon" }),
    ).toBeUndefined();
    expect(() => configured({ TELLTALE_PUSH_URL: "http://x" })).toThrow(
      /metrics\.push\.to.*metrics\.push\.url is set/,
    );
  });

  it("refuses at once what pushing would refuse", () => {
    expect(() => create({ metrics: { push: { to: "remote-write" } } })).toThrow(
      /metrics\.push: url: found undefined/,
    );
  });
});

describe("OpenTelemetry's variables", () => {
  const withEnv = (env: Record<string, string>, more: object = {}) =>
    withOtlpEnvironment({ to: "otlp", ...more }, env);

  it.each([
    [
      "the endpoint for metrics as it is",
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://a/x" },
      "http://a/x",
    ],
    [
      "the common endpoint with a path",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://b:4318/" },
      "http://b:4318/v1/metrics",
    ],
    [
      "the endpoint for metrics first",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://b", OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://a" },
      "http://a",
    ],
  ])("give %s", (_title, env, url) => {
    expect(withEnv(env).url).toBe(url);
    expect(withEnv(env, { url: "http://mine" }).url).toBe("http://mine");
  });

  it("give headers, compression and timeout, those for metrics first", () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: "a=1,b=2%203",
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: "a=4",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_TIMEOUT: "3000",
    };
    expect(withEnv(env)).toMatchObject({ headers: { a: "4", b: "2 3" }, gzip: true, timeoutMs: 3000 });
    expect(withEnv({ ...env, OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: "none" }).gzip).toBe(false);
    expect(withEnv(env, { headers: { b: "5" }, gzip: false, timeoutMs: 1 })).toMatchObject({
      headers: { a: "4", b: "5" },
      gzip: false,
      timeoutMs: 1,
    });
  });

  it("are refused where they ask for another protocol at that endpoint, and only there", () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_ENDPOINT: "http://b:4317" };
    expect(() => withEnv(env)).toThrow(/OTEL_EXPORTER_OTLP_PROTOCOL: expected "http\/protobuf".*got "grpc"/);
    expect(withEnv({ ...env, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/protobuf" }).url).toBe(
      "http://b:4317/v1/metrics",
    );
    expect(withEnv(env, { url: "http://c" }).url).toBe("http://c");
  });

  it("have no say in the other protocols", () => {
    const options = { to: "pushgateway", url: "http://x" } as const;
    expect(withOtlpEnvironment(options, { OTEL_EXPORTER_OTLP_TIMEOUT: "1" })).toBe(options);
  });

  it("describe the resource, in which service.instance.id is the instance", async () => {
    const receiver = await startReceiver(200);
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=mine,team=a,service.name=other");
    const obs = create({ version: "1.2.3", environment: "test" });
    await obs.metrics.push({ to: "otlp", url: receiver.url, pushOnClose: false }).push();
    obs.metrics.gauge({ name: "a", help: "A." }).set(1);
    await obs.metrics.push({ to: "otlp", url: receiver.url, pushOnClose: false }).push();
    const body = receiver.received.at(-1)?.body ?? Buffer.alloc(0);
    const attributes = decodeExport(body).resourceMetrics[0]?.resource.attributes ?? [];
    expect(Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]))).toEqual({
      "service.name": "chat",
      "service.version": "1.2.3",
      "service.instance.id": "mine",
      "deployment.environment.name": "test",
      "telemetry.sdk.name": "telltale",
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.version": expect.stringMatching(/^\d+\.\d+\.\d+/),
      team: "a",
    });
  });
});
