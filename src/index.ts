export type { AttachOptions } from "./attachments.js";
export type {
  CatalogEntry,
  Collector,
  Declare,
  Detach,
  DomainName,
  Domains,
  FamilySpec,
  Probe,
  Scope,
} from "./collector.js";
export type {
  CacheClient,
  CacheDomain,
  CacheIdentity,
  CacheOperation,
  CacheResult,
} from "./collectors/cache/index.js";
export type { DbClient, DbDomain, DbEnd, DbIdentity, DbOperation } from "./collectors/db/index.js";
export type { DbPool, PoolReading } from "./collectors/db/pool.js";
export type {
  ExpressErrorHandler,
  ExpressMiddleware,
  FastifyPlugin,
  HttpFace,
  HttpHandlerOptions,
} from "./collectors/http/face.js";
export type { HttpDomain } from "./collectors/http/index.js";
export type { ProcessDomain } from "./collectors/process/index.js";
export { type ErrorCode, isObservabilityError, ObservabilityError } from "./errors.js";
export type {
  BreakerOptions,
  CheckContext,
  CheckGroup,
  CheckReport,
  DetailLevel,
  Health,
  HealthCheck,
  HealthCheckOptions,
  HealthServer,
  HealthStatus,
  HealthTransition,
  Indicator,
} from "./health/index.js";
export type {
  HookContext,
  ShutdownFace,
  ShutdownHook,
  ShutdownHookOptions,
  ShutdownOutcome,
  WebSocketServerLike,
} from "./health/shutdown/types.js";
export {
  type Events,
  type FormatName,
  type LevelOptions,
  type LevelState,
  type ObservedLogger,
  redactHeaders,
  redactUrl,
  redactValue,
  type SetLevel,
  type SinkOptions,
} from "./logging/index.js";
export type { Authorize, ListenOptions, ManagementServer } from "./management.js";
export type { MetricsHandler, MetricsHandlerOptions } from "./metrics/exposition/handler.js";
export type { Pusher, PushOptions, PushOutcome, PushResult, PushTarget } from "./metrics/push/types.js";
export type * from "./metrics/types.js";
export { createObservability, type MetricsFace, type Observability } from "./observability.js";
export type { ObservabilityOptions } from "./options.js";
export type { TracingFace, WithSpan } from "./tracing/face.js";
export type { Carrier, GetField, SetField } from "./tracing/propagation/carrier.js";
export type { SamplingRule } from "./tracing/sampling/types.js";
export type { SpanSettings } from "./tracing/spans.js";
