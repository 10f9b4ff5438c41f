import type { HealthStatus } from "./types.js";

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

/** 200 for healthy, 503 for unhealthy. */
export function answerStatus(status: HealthStatus): HealthAnswer {
  return {
    statusCode: status.status === "healthy" ? 200 : 503,
    headers: HEADERS,
    body: JSON.stringify(status),
  };
}

/** The answer to any method but GET and HEAD. */
export function answerMethod(): HealthAnswer {
  return {
    statusCode: 405,
    headers: { ...HEADERS, allow: "GET, HEAD" },
    body: '{"error":"method not allowed"}',
  };
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
