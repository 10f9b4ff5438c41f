import { type ContextManager, type TracerProvider, trace } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { Sampler, SpanProcessor, TracerProviderOptions } from "@opentelemetry/sdk-trace";
import { apiGlobals } from "./globals.js";
import type { SpanLimits, TracingSettings } from "./types.js";

// Bounds what 2048 waiting spans can weigh; a stack trace fits.
const MAX_VALUE_LENGTH = 8192;
const MAX_COUNT = 128;

/** A tracer provider that runs. */
export interface RunningProvider {
  readonly provider: TracerProvider;
  /** Sends what waits and stops. */
  shutdown(): Promise<void>;
}

/** What a provider is made of. */
export interface ProviderParts {
  readonly settings: TracingSettings;
  readonly resource: Resource;
  readonly sampler: Sampler;
  readonly processor: SpanProcessor;
}

/** Composes the SDK's tracer provider; with instrumentations, by way of NodeSDK, which is three times as slow to load. */
export function startProvider(parts: ProviderParts): RunningProvider {
  const instrumentations = (parts.settings.instrumentations ?? []).flat();
  return instrumentations.length === 0 ? composeProvider(parts) : startNodeSdk(parts, instrumentations);
}

function composeProvider({ settings, resource, sampler, processor }: ProviderParts): RunningProvider {
  const { TracerProvider: SdkProvider } =
    require("@opentelemetry/sdk-trace") as typeof import("@opentelemetry/sdk-trace");
  const provider = new SdkProvider({
    resource,
    sampler,
    spanProcessors: [processor],
    spanLimits: spanLimits(settings.limits),
  });
  return { provider, shutdown: () => provider.shutdown() };
}

// All of them: NodeSDK would take what is left out from the environment, which the options have read already.
function spanLimits(limits: SpanLimits = {}): NonNullable<TracerProviderOptions["spanLimits"]> {
  return {
    attributeCountLimit: limits.attributes ?? MAX_COUNT,
    attributeValueLengthLimit: limits.valueLength ?? MAX_VALUE_LENGTH,
    eventCountLimit: limits.events ?? MAX_COUNT,
    linkCountLimit: limits.links ?? MAX_COUNT,
    attributePerEventCountLimit: limits.eventAttributes ?? MAX_COUNT,
    attributePerLinkCountLimit: limits.linkAttributes ?? MAX_COUNT,
  };
}

/** The part of an instrumentation that is used. */
interface Instrumentation {
  setTracerProvider?(provider: TracerProvider): void;
  disable?(): void;
}

function startNodeSdk(
  { settings, resource, sampler, processor }: ProviderParts,
  instrumentations: readonly unknown[],
): RunningProvider {
  const { NodeSDK } = require("@opentelemetry/sdk-node") as typeof import("@opentelemetry/sdk-node");
  const config: ConstructorParameters<typeof NodeSDK>[0] = {
    resource,
    // Its detectors would copy the command line, secrets included, onto every span; ours have done their work.
    autoDetectResources: false,
    sampler,
    spanProcessors: [processor],
    spanLimits: spanLimits(settings.limits),
    // Null: telltale registers its own, and can release them.
    contextManager: null as unknown as ContextManager,
    textMapPropagator: null,
    // Left out, NodeSDK would send metrics and logs to localhost:4318, and hold the process for 9 s when nobody listens there.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: instrumentations as NonNullable<
      NonNullable<ConstructorParameters<typeof NodeSDK>[0]>["instrumentations"]
    >,
  };
  const sdk = new NodeSDK(config);
  const free = apiGlobals().trace === undefined;
  sdk.start();
  // Given back at once: the caller registers it in a way that can be released.
  if (free) trace.disable();
  const { _tracerProvider: provider } = sdk as unknown as { _tracerProvider?: TracerProvider };
  if (provider === undefined)
    throw new Error("NodeSDK made no tracer provider; OTEL_SDK_DISABLED may be set");
  for (const each of instrumentations as Instrumentation[]) each.setTracerProvider?.(provider);
  return {
    provider,
    async shutdown() {
      const stopped = sdk.shutdown();
      try {
        for (const each of instrumentations as Instrumentation[]) each.disable?.();
      } finally {
        await stopped;
      }
    },
  };
}
