import type { TextMapPropagator } from "@opentelemetry/api";
import { createB3 } from "./b3.js";
import { baggagePropagator } from "./baggage.js";
import { jaegerBaggagePropagator, jaegerPropagator } from "./jaeger.js";
import { traceContextPropagator } from "./trace-context.js";

/** What one name in the list of propagators stands for. */
export interface WireFormat {
  /** Carries the trace. */
  readonly trace?: TextMapPropagator;
  /** Carries baggage. */
  readonly baggage?: TextMapPropagator;
}

/** How a context travels, by name. */
export const FORMATS: Readonly<Record<string, () => WireFormat>> = {
  tracecontext: () => ({ trace: traceContextPropagator }),
  baggage: () => ({ baggage: baggagePropagator }),
  b3: () => ({ trace: createB3("single") }),
  b3multi: () => ({ trace: createB3("multi") }),
  jaeger: () => ({ trace: jaegerPropagator, baggage: jaegerBaggagePropagator }),
};
