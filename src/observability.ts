import type { Tracer } from "@opentelemetry/api";
import { type Attachments, createAttachments } from "./attachments.js";
import type { CatalogEntry, Detach } from "./collector.js";
import { createHttpFace, type HttpFace } from "./collectors/http/face.js";
import { createDomains } from "./domains.js";
import { adoptServers, createEnding } from "./ending.js";
import type { Health } from "./health/index.js";
import type { ShutdownFace } from "./health/shutdown/types.js";
import { loggersEndpoint } from "./loggers-endpoint.js";
import { createEvents, type Events, type ObservedLogger } from "./logging/index.js";
import {
  createManagement,
  type Endpoint,
  indexEndpoint,
  type ListenOptions,
  type Management,
  type ManagementServer,
} from "./management.js";
import {
  createMetricsHandler,
  type ExpositionSource,
  type MetricsHandler,
  type MetricsHandlerOptions,
} from "./metrics/exposition/handler.js";
import { createScrapeSlots } from "./metrics/exposition/scrape-slots.js";
import type { Pusher, PushOptions } from "./metrics/push/types.js";
import type { CardinalityOptions, CardinalityReport, MetricFactory, Metrics } from "./metrics/types.js";
import { type ObservabilityOptions, resolveOptions, type Settings } from "./options.js";
import { replaceRegistered } from "./registered.js";
import { createScrapeMetrics } from "./scrape-metrics.js";
import { clientCheck, createServiceHealth, showConnections } from "./service-health.js";
import { createSignals, type Signals } from "./signals.js";
import { createTracingFace, type TracingFace } from "./tracing/face.js";

/** Metrics of the service's own, and the endpoint that shows them all. */
export interface MetricsFace extends MetricFactory, Pick<Metrics, "adopt"> {
  /** Answers `GET /metrics` in node:http, Express and Fastify. */
  handler(options?: MetricsHandlerOptions): MetricsHandler;
  /**
   * Makes a pusher, for jobs that nobody scrapes; without options, hands out the one of the option `metrics.push`.
   * Throws TELLTALE_OPTION.
   */
  push(options?: PushOptions): Pusher;
  /**
   * How many series each family has, how many values each label, and how many look-ups a cap has folded into
   * `__overflow__`; most series first.
   *
   * @example
   * console.log(String(obs.metrics.cardinality({ top: 10 })));
   */
  cardinality(options?: CardinalityOptions): CardinalityReport;
}

/** What `createObservability()` returns. */
export interface Observability extends HttpFace, TracingFace, Pick<Attachments, "instrument" | "use"> {
  readonly metrics: MetricsFace;
  /** A pino logger; `component(name)` gives a child with its name, `setLevel()` changes levels at run time. */
  readonly logger: ObservedLogger;
  /** Named events of the service: access, security, performance, audit. */
  readonly events: Events;
  /** An OpenTelemetry tracer. */
  readonly tracer: Tracer;
  readonly health: Health & ShutdownFace;
  /** Every family that is exported, with unit, labels and owner. */
  readonly catalog: readonly CatalogEntry[];
  /** Opens the management port: `/metrics` and the health endpoints. Rejects with TELLTALE_LISTEN. */
  listen(options?: ListenOptions): Promise<ManagementServer>;
  /** Detaches everything, flushes and releases; at most about 3 s. Never rejects; a second call returns the first's promise. */
  close(): Promise<void>;
}

/**
 * Builds the observability of one service. Throws ObservabilityError with code TELLTALE_OPTION on a bad option.
 * What `telltale/register` has set up steps back for it.
 *
 * @example
 * const obs = createObservability({ service: "chat" });
 * app.use(obs.express());
 * app.use(obs.health.router());
 * app.get("/metrics", obs.metrics.handler());
 */
export function createObservability(options: ObservabilityOptions = {}): Observability {
  const settings = resolveOptions(options, process.env);
  replaceRegistered();
  const signals = createSignals(settings);
  const domains = createDomains(signals, settings, (req) => shutdown.seen(req));
  const { server } = domains.http;
  const health = createServiceHealth(settings, signals, server.forget);
  const attachments = createAttachments({
    catalog: signals.catalog,
    faults: signals.faults,
    logger: signals.logger.component,
    domain: domains.of,
    check: clientCheck(health),
    connections: (target, instance) => showConnections(health, target, instance),
    sample: signals.sample,
  });
  const undo: Detach[] = [attachments.close, server.close];
  const face = createHttpFace(server, signals.faults.guard, (detach) => undo.push(detach));
  const metrics = createMetricsFace(signals, settings.metrics.maxScrapes, server.forget);
  const management = openableManagement(settings, signals, { metrics, health });
  observeDefaults(settings, attachments.instrument);

  const { shutdown, close } = createEnding({ settings, signals, health, server, undo, management });

  return {
    ...adoptServers({ ...face, ...attachments }, shutdown.adopt),
    ...createTracingFace(signals.tracing, signals.faults.note),
    metrics,
    // Not spread: its state is a getter.
    health: Object.assign(health, shutdown.face),
    logger: signals.logger,
    events: createEvents(signals.logger.component, settings.logging.clientAddress),
    tracer: signals.tracing.tracer,
    catalog: signals.catalog.entries,
    listen: management.listen,
    close,
  };
}

function createMetricsFace(
  { metrics, catalog, group, faults, pushing }: Signals,
  maxScrapes: number,
  onServe: (req: object) => void,
): MetricsFace {
  const source: ExpositionSource = {
    get format() {
      return metrics.format;
    },
    async pipeTo(writable, options) {
      if (!(await group.scrape(writable, options))) await metrics.pipeTo(writable, options);
    },
    onServe,
    takeSlot: createScrapeSlots(maxScrapes),
    onScrape: createScrapeMetrics(catalog.for("telltale")),
    onFault: (error) => faults.note("scrape", error),
  };
  return {
    counter: metrics.counter,
    gauge: metrics.gauge,
    histogram: metrics.histogram,
    summary: metrics.summary,
    registry: metrics.registry,
    cardinality: metrics.cardinality,
    adopt: metrics.adopt,
    push: pushing.push,
    handler: (options) => createMetricsHandler(source, options),
  };
}

function observeDefaults({ metrics, http }: Settings, instrument: (target: unknown) => Detach): void {
  if (metrics.process) instrument(process);
  if (!http.outgoing.enabled) return;
  // Gone under --no-experimental-fetch, and from the globals of some test runners.
  if (globalThis.fetch !== undefined) instrument(globalThis.fetch);
  instrument(process.getBuiltinModule("node:http"));
}

function openableManagement(
  { service, health: { basePath }, management }: Settings,
  { logger, faults }: Signals,
  { metrics, health }: { metrics: MetricsFace; health: Health },
): Management {
  const scrape = metrics.handler();
  const paths = ["/metrics", ...["/health", "/ready", "/live", "/startup"].map((path) => basePath + path)];
  const open: Endpoint[] = [
    (req, res) => {
      const isScrape = req.url === "/metrics" || req.url?.startsWith("/metrics?") === true;
      if (isScrape) void scrape(req, res);
      return isScrape;
    },
    (req, res) => health.handler(req, res),
    indexEndpoint(service, paths),
  ];
  const fault = (error: unknown): void => faults.note("management", error);
  return createManagement(
    { open, guarded: (authorize) => [loggersEndpoint(logger, authorize, fault)] },
    management,
  );
}
