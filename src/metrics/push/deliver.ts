import type { PushClock } from "./clock.js";
import type { Exchange } from "./exchange.js";
import type { PushAnswer, PushProtocol, PushRequest, Verdict } from "./types.js";

/** What delivering needs. */
export interface DeliveryOptions {
  readonly exchange: Exchange;
  readonly judge: PushProtocol["judge"];
  readonly clock: PushClock;
  /** Aborted when it is to end. */
  readonly signal: AbortSignal;
  /** Until when another try may begin, as `clock.elapsed()`. */
  readonly deadlineMs: number;
}

/** How one request fared. */
export interface Delivery {
  readonly verdict:
    | Exclude<Verdict, { kind: "retry" }>
    | { readonly kind: "failed"; readonly reason: string };
  readonly status: number | undefined;
  readonly attempts: number;
  /** How long the receiver wants to be left alone, milliseconds. */
  readonly retryAfterMs: number;
}

interface Attempt {
  readonly verdict: Verdict;
  readonly status: number | undefined;
  readonly retryAfterMs: number;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

/** Sends a request until it was taken or refused, or until another try would come too late. Never rejects. */
export async function deliver(request: PushRequest, options: DeliveryOptions): Promise<Delivery> {
  const { clock, signal, deadlineMs } = options;
  for (let attempts = 1; ; attempts++) {
    const { verdict, status, retryAfterMs } = await attempt(request, options);
    const done = { status, attempts, retryAfterMs };
    if (verdict.kind !== "retry") return { ...done, verdict };
    const delayMs = Math.max(retryAfterMs, jitter(clock, FIRST_DELAY_MS * 2 ** (attempts - 1)));
    const failed = { kind: "failed", reason: verdict.reason } as const;
    if (signal.aborted || clock.elapsed() + delayMs >= deadlineMs) return { ...done, verdict: failed };
    await clock.sleep(delayMs, signal);
    if (signal.aborted) return { ...done, verdict: failed };
  }
}

/**
 * A random part of `ceilingMs`, at most 10 s of it: full jitter.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
function jitter({ random }: PushClock, ceilingMs: number): number {
  return random() * Math.min(ceilingMs, LONGEST_DELAY_MS);
}

async function attempt(request: PushRequest, options: DeliveryOptions): Promise<Attempt> {
  const { exchange, judge, clock, signal } = options;
  try {
    const answer = await exchange.send(request, signal);
    return { verdict: judge(answer), status: answer.status, retryAfterMs: retryAfter(answer, clock) };
  } catch (error) {
    const reason = signal.aborted ? String(signal.reason) : messageOf(error);
    return { verdict: { kind: "retry", reason }, status: undefined, retryAfterMs: 0 };
  }
}

// RFC 9110: seconds, or a date.
function retryAfter({ headers }: PushAnswer, clock: PushClock): number {
  const text = headers["retry-after"];
  if (typeof text !== "string") return 0;
  const ms = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - clock.now();
  return Number.isNaN(ms) ? 0 : Math.max(ms, 0);
}

// The error of several addresses tried has a code and no message.
function messageOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}
