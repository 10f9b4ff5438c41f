import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { ExportResult } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { SERVICE_NAME } from "../resource.js";
import { type JaegerTarget, jaegerTarget } from "./endpoint.js";
import type { Exporter, ExporterSetup } from "./exporter.js";

/** The part of jaeger-client's senders that is used; `_httpOptions` is there over HTTP only. */
interface Sender {
  append(span: unknown, done: (count: number, error?: string) => void): void;
  close(): void;
  readonly _httpOptions?: { path: string; headers: Record<string, string> };
}

/** The private part of JaegerExporter 2.11.0, the last release of it, that is used. */
interface Internals {
  readonly _localConfig: { endpoint: string };
  _getSender(span: { readonly tags: readonly { readonly key: string; readonly vStr: string }[] }): Sender;
}

/** Jaeger's own Thrift, over HTTP to a collector or over UDP to an agent's port, by `@opentelemetry/exporter-jaeger`. */
export function createJaegerExporter(setup: ExporterSetup): Exporter {
  const { JaegerExporter } =
    require("@opentelemetry/exporter-jaeger") as typeof import("@opentelemetry/exporter-jaeger");
  const { endpoint } = setup.settings;
  const target = endpoint === undefined ? undefined : jaegerTarget(endpoint);
  const inner = new JaegerExporter({ ...addressOf(target), tags: tagsOf(setup.resource.attributes) });
  const sender = openSender(inner as unknown as Internals, target, setup);
  const slim = withoutAttributesOf(setup.resource);
  let open = true;
  let last: Promise<void> = Promise.resolve();
  const send = (spans: ReadableSpan[]): Promise<ExportResult> =>
    new Promise((resolve) => {
      if (open) inner.export(spans.map(slim), resolve);
      else resolve({ code: 1, error: new Error("the exporter is closed") });
    });
  const destroy = (): void => {
    if (open) sender.close();
    open = false;
  };
  return {
    // One after the other: all exports fill the same batch of the sender, and one's failure would be told to another.
    export(spans, done) {
      last = last
        .then(() => send(spans))
        .catch((error: Error): ExportResult => ({ code: 1, error }))
        .then(done);
    },
    forceFlush: () => last,
    // Each export ends with a flush, so there is nothing left to send; the exporter's own shutdown() would hold the process for 2 s.
    shutdown: () => Promise.resolve(destroy()),
    destroy,
  };
}

function addressOf(target: JaegerTarget | undefined): object {
  if (target === undefined) return {};
  if (target.over === "http") return { ...target, maxSpanBatchSize: 512 };
  return { host: target.host, port: target.port, socketType: target.host.includes(":") ? "udp6" : "udp4" };
}

// Opened now rather than at the first export: parsing the Thrift IDL blocks for 3 to 9 ms, which no request should pay.
function openSender(internals: Internals, target: JaegerTarget | undefined, setup: ExporterSetup): Sender {
  if (target?.over === "udp") internals._localConfig.endpoint = ""; // else OTEL_EXPORTER_JAEGER_ENDPOINT wins over the option
  const service = String(setup.resource.attributes[SERVICE_NAME] ?? setup.settings.service);
  const sender = internals._getSender({ tags: [{ key: SERVICE_NAME, vStr: service }] });
  keepBatchOnBadSpan(sender, setup);
  if (sender._httpOptions !== undefined)
    boundRequests(sender._httpOptions, internals._localConfig.endpoint, setup);
  return sender;
}

// One span over 65,000 bytes would lose the rest of its batch.
function keepBatchOnBadSpan(sender: Sender, { note }: ExporterSetup): void {
  const append = sender.append.bind(sender);
  sender.append = (span, done) =>
    append(span, (count, error) => {
      const bad = error !== undefined && /^(span size|error converting span)/.test(error);
      if (bad) note("tracing.export", new Error(`one span lost: ${error}`));
      if (bad) done(0);
      else done(count, error);
    });
}

// The sender has no timeout of its own and forgets the query. http.request() copies its options, so the getter makes a signal for each request.
function boundRequests(
  options: NonNullable<Sender["_httpOptions"]>,
  endpoint: string,
  { settings, timeoutMs }: ExporterSetup,
): void {
  const url = new URL(endpoint);
  options.path = url.pathname + url.search;
  Object.assign(options.headers, settings.headers);
  Object.defineProperty(options, "signal", { enumerable: true, get: () => AbortSignal.timeout(timeoutMs) });
}

// The exporter copies the resource onto every span; sent once, as the process's tags, a batch is less than half as long.
function withoutAttributesOf(resource: Resource): (span: ReadableSpan) => ReadableSpan {
  const bare = { attributes: {} };
  const without = (other: Resource): { attributes: Attributes } => {
    const own = Object.entries(other.attributes).filter(([key, value]) => resource.attributes[key] !== value);
    return { attributes: Object.fromEntries(own) };
  };
  return (span) => {
    const value = span.resource === resource ? bare : without(span.resource);
    return Object.create(span, { resource: { value } }) as ReadableSpan;
  };
}

function tagsOf(attributes: Attributes): { key: string; value: string | number | boolean }[] {
  return Object.entries(attributes)
    .filter((entry): entry is [string, AttributeValue] => entry[0] !== SERVICE_NAME && entry[1] !== undefined)
    .map(([key, value]) => ({ key, value: typeof value === "object" ? String(value) : value }));
}
