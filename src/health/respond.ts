import type { CheckView } from "./checks/views.js";
import type { HealthClock } from "./clock.js";

/** The part of a response that node:http, Express and Fastify's `raw` share. */
export interface HealthResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body?: string): unknown;
}

/** An answer before it is sent. */
export interface HealthAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
const MAX_RETRY_SECONDS = 30;

/** The answer to any method but GET and HEAD. */
export const METHOD_ANSWER: HealthAnswer = {
  statusCode: 405,
  headers: { ...HEADERS, allow: "GET, HEAD" },
  body: '{"error":"method not allowed"}',
};

/** The answer to a check that is not there, or not for the one who asks. */
export const MISSING_ANSWER: HealthAnswer = {
  statusCode: 404,
  headers: HEADERS,
  body: '{"error":"not found"}',
};

/** The answer when none could be made. */
export const FAULT_ANSWER: HealthAnswer = {
  statusCode: 500,
  headers: HEADERS,
  body: '{"error":"the health could not be told"}',
};

/** An answer with a body that nobody may keep. */
export function answerJson(
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): HealthAnswer {
  return { statusCode, headers: { ...HEADERS, ...headers }, body };
}

/** Whole seconds until the next run of a check that fails, 1 to 30. */
export function retryAfter(views: readonly CheckView[], clock: HealthClock): string {
  const next = views.flatMap(({ word, nextRunMs }) =>
    word === "healthy" || nextRunMs === undefined ? [] : [nextRunMs],
  );
  const seconds = Math.ceil((Math.min(...next) - clock.now()) / 1000);
  return String(next.length === 0 ? 1 : Math.min(MAX_RETRY_SECONDS, Math.max(1, seconds)));
}

/** True for the methods that are answered. */
export function isReading(method: string | undefined): boolean {
  return method === "GET" || method === "HEAD";
}

/** Sends an answer, without its body to HEAD; does nothing when somebody has answered already. */
export function send(res: HealthResponse, answer: HealthAnswer, method: string | undefined): void {
  if (res.headersSent) return;
  res.statusCode = answer.statusCode;
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
  res.setHeader("content-length", String(Buffer.byteLength(answer.body)));
  res.end(method === "HEAD" ? undefined : answer.body);
}
