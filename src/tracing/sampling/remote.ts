import type { Sampler } from "@opentelemetry/sdk-trace";
import { contexts, SUPPRESSED_ROOT } from "../context.js";
import type { Note } from "../types.js";
import { createRateLimit } from "./rate-limit.js";
import { askStrategy, type Strategy } from "./remote-strategy.js";
import { ratioSampler } from "./root.js";
import type { RemoteSampling, SamplingCall } from "./types.js";

/** A sampler whose decisions come from a server. */
export interface RemoteSampler {
  readonly sampler: Sampler;
  /** Asks no more. */
  close(): void;
}

/** The part of the package's sampler that turns an answer into decisions. */
interface Converter {
  _sampler: Sampler;
  convertSamplingResponseToSampler(strategy: Strategy): Sampler;
}

/**
 * Asks a Jaeger sampling server at once and then again and again; a server that is gone, slow or wrong leaves the last
 * decision in force. The package's own sampler starts a timer that holds the process for ever, and its question may
 * hang: of it only the reading of an answer is used.
 */
export function createRemoteSampler(
  service: string,
  { endpoint, pollingIntervalMs, initialRatio }: RemoteSampling,
  note: Note,
): RemoteSampler {
  const url = `${endpoint.replace(/\/+$/, "")}/sampling?service=${encodeURIComponent(service)}`;
  const convert = createConverter(ratioSampler(initialRatio));
  let current = ratioSampler(initialRatio);
  let asking = false;
  const stopped = new AbortController();

  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      current = convert(await askStrategy(url, stopped.signal));
    } catch (error) {
      if (!stopped.signal.aborted) note("tracing.sampler", error);
    } finally {
      asking = false;
    }
  }

  const poll = (): void => void contexts.run(SUPPRESSED_ROOT, ask);
  const timer = setInterval(poll, pollingIntervalMs).unref();
  poll();
  return {
    sampler: {
      shouldSample: (...call: SamplingCall) => current.shouldSample(...call),
      toString: () => `remote(${url})`,
    },
    close() {
      clearInterval(timer);
      stopped.abort();
    },
  };
}

function createConverter(initial: Sampler): (strategy: Strategy) => Sampler {
  const { JaegerRemoteSampler } =
    require("@opentelemetry/sampler-jaeger-remote") as typeof import("@opentelemetry/sampler-jaeger-remote");
  // Its constructor would start the timer.
  const converter = Object.create(JaegerRemoteSampler.prototype) as Converter;
  converter._sampler = initial;
  return (strategy) =>
    strategy.strategyType === "RATE_LIMITING"
      ? limited(strategy.rateLimitingSampling.maxTracesPerSecond)
      : converter.convertSamplingResponseToSampler(strategy);
}

// The package knows no rate limit, although Jaeger serves them.
function limited(perSecond: number): Sampler {
  const take = perSecond === 0 ? () => false : createRateLimit(perSecond);
  const [none, all] = [ratioSampler(0), ratioSampler(1)];
  return { shouldSample: (...call: SamplingCall) => (take() ? all : none).shouldSample(...call) };
}
