import type { ServerResponse } from "node:http";
import type { ExpositionFormat } from "../types.js";

/** How a scrape ended: written whole, left by the client or cut for being too slow, refused as one too many, or failed. */
export type ScrapeOutcome = "ok" | "aborted" | "refused" | "error";

/** What one scrape was. */
export interface ScrapeRecord {
  readonly format: ExpositionFormat;
  readonly outcome: ScrapeOutcome;
  /** From the request to the last byte handed to the system. */
  readonly seconds: number;
  /** Bytes of the exposition before compression; undefined unless it is whole. */
  readonly sizeBytes: number | undefined;
}

/** A scrape that is being answered. */
export interface ScrapeUnderWay {
  readonly format: ExpositionFormat;
  /** Bytes written so far, before compression. */
  sizeBytes(): number;
  hasFailed: boolean;
}

// Prometheus tells its own timeout; nobody waits for the rest afterwards.
const TIMEOUT_HEADER = "x-prometheus-scrape-timeout-seconds";
const DEFAULT_TIMEOUT_S = 60;
const MAX_TIMEOUT_S = 120;

/** How long an answer may take, milliseconds: as long as the client says that it waits, 60 s where it does not, 120 s at most. */
export function answerTimeoutMs(headers: Readonly<Record<string, unknown>>): number {
  const seconds = Number(headers[TIMEOUT_HEADER]);
  return 1000 * (seconds > 0 ? Math.min(seconds, MAX_TIMEOUT_S) : DEFAULT_TIMEOUT_S);
}

/** Calls `onEnd` once the answer is written or its client has left; an answer that takes too long is cut. */
export function watchAnswer(res: ServerResponse, timeoutMs: number, onEnd: () => void): void {
  const timer = setTimeout(() => res.destroy(), timeoutMs).unref();
  const end = (): void => {
    clearTimeout(timer);
    res.off("finish", end).off("close", end);
    onEnd();
  };
  // An injected response may have but one of them.
  res.on("finish", end).on("close", end);
}

/** What a scrape was, when its answer has ended. */
export function recordOf(
  { format, sizeBytes, hasFailed }: ScrapeUnderWay,
  res: ServerResponse,
  startedAtMs: number,
): ScrapeRecord {
  const outcome = hasFailed ? "error" : res.writableFinished ? "ok" : "aborted";
  return {
    format,
    outcome,
    seconds: (performance.now() - startedAtMs) / 1000,
    sizeBytes: outcome === "ok" ? sizeBytes() : undefined,
  };
}
