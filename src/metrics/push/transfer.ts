import { type Delivery, type DeliveryOptions, deliver } from "./deliver.js";
import type { PushOutcome, PushRequest, PushResult } from "./types.js";

/** A result, and how long the receiver wants to be left alone. */
export interface Transfer {
  readonly result: PushResult;
  readonly retryAfterMs: number;
}

interface Tally {
  taken: number;
  refused: PushOutcome | undefined;
  status: number | undefined;
  attempts: number;
  series: number;
  bytes: number;
  error: string | undefined;
  retryAfterMs: number;
}

/** Sends the requests of one push, one after the other, as long as that is of use. Never rejects. */
export async function transfer(
  requests: AsyncIterable<PushRequest>,
  options: DeliveryOptions,
): Promise<Transfer> {
  const startedAtMs = options.clock.elapsed();
  const tally: Tally = {
    taken: 0,
    refused: undefined,
    status: undefined,
    attempts: 0,
    series: 0,
    bytes: 0,
    error: undefined,
    retryAfterMs: 0,
  };
  try {
    for await (const request of requests) {
      const delivery = await deliver(request, options);
      count(tally, request, delivery);
      const { verdict } = delivery;
      if (verdict.kind === "failed" || (verdict.kind === "rejected" && !verdict.next)) break;
    }
  } catch (error) {
    tally.refused = "failed";
    tally.error = String(error);
  }
  return { result: resultOf(tally, options.clock.elapsed() - startedAtMs), retryAfterMs: tally.retryAfterMs };
}

function count(tally: Tally, request: PushRequest, { verdict, ...delivery }: Delivery): void {
  tally.attempts += delivery.attempts;
  tally.bytes += delivery.attempts * request.body.length;
  tally.status = delivery.status;
  tally.retryAfterMs = delivery.retryAfterMs;
  if (verdict.kind !== "accepted") {
    tally.refused = verdict.kind;
    tally.error = verdict.reason;
  }
  if (verdict.kind === "failed" || verdict.kind === "rejected") return;
  tally.taken++;
  tally.series += request.series;
  request.onAccepted?.();
}

function resultOf(tally: Tally, durationMs: number): PushResult {
  const { attempts, series, bytes, status, error, refused } = tally;
  const outcome = refused === undefined ? "ok" : tally.taken > 0 ? "partial" : refused;
  return {
    ok: outcome === "ok",
    outcome,
    attempts,
    series,
    bytes,
    durationMs,
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
  };
}
