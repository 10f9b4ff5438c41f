import { readJson } from "./read-json.js";

/** What a Jaeger sampling server says: protobuf as JSON. */
export type Strategy =
  | { readonly strategyType: "RATE_LIMITING"; readonly rateLimitingSampling: { maxTracesPerSecond: number } }
  | {
      readonly strategyType: "PROBABILISTIC";
      readonly probabilisticSampling?: Probability;
      readonly operationSampling?: {
        readonly defaultSamplingProbability: number;
        readonly perOperationStrategies: readonly {
          readonly operation: string;
          readonly probabilisticSampling: Probability;
        }[];
      };
    };

interface Probability {
  readonly samplingRate: number;
}

const TIMEOUT_MS = 5000;
const MAX_BYTES = 1_000_000;
// As many as Jaeger's own clients keep.
const MAX_OPERATIONS = 2000;

/** Asks for the strategy of a service. Rejects on a refused, late, oversized or nonsensical answer. */
export async function askStrategy(url: string, signal: AbortSignal): Promise<Strategy> {
  try {
    return strategyOf(await readJson(url, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the sampling server at ${url} gave no strategy: ${why}`, { cause: error });
  }
}

/** Reads an answer; throws when it says nothing that can be followed. */
export function strategyOf(answer: unknown): Strategy {
  const perOperation = operationsOf(member(answer, "operationSampling"));
  if (perOperation !== undefined) return { strategyType: "PROBABILISTIC", operationSampling: perOperation };
  const perSecond = member(member(answer, "rateLimitingSampling"), "maxTracesPerSecond");
  if (isAmount(perSecond))
    return { strategyType: "RATE_LIMITING", rateLimitingSampling: { maxTracesPerSecond: perSecond } };
  const probability = probabilityOf(member(answer, "probabilisticSampling"));
  if (probability === undefined) throw new Error("neither a probability nor a limit");
  return { strategyType: "PROBABILISTIC", probabilisticSampling: probability };
}

type OperationSampling = NonNullable<Extract<Strategy, { operationSampling?: object }>["operationSampling"]>;

function operationsOf(found: unknown): OperationSampling | undefined {
  const strategies = member(found, "perOperationStrategies");
  if (!Array.isArray(strategies) || strategies.length === 0) return undefined;
  const fallback = member(found, "defaultSamplingProbability") ?? 0;
  if (!isShare(fallback)) return undefined;
  return {
    defaultSamplingProbability: fallback,
    perOperationStrategies: strategies.slice(0, MAX_OPERATIONS).flatMap((each) => {
      const operation = member(each, "operation");
      const probabilisticSampling = probabilityOf(member(each, "probabilisticSampling"));
      return typeof operation === "string" && probabilisticSampling !== undefined
        ? [{ operation, probabilisticSampling }]
        : [];
    }),
  };
}

// A protobuf number of nought may be left out of its JSON.
function probabilityOf(found: unknown): Probability | undefined {
  const samplingRate = member(found, "samplingRate") ?? 0;
  return typeof found === "object" && found !== null && isShare(samplingRate) ? { samplingRate } : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isShare(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
