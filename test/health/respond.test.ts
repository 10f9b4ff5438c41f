import { describe, expect, it } from "vitest";
import { answerMethod, answerStatus, type HealthResponse, send } from "../../src/health/respond.js";

class FakeResponse implements HealthResponse {
  statusCode = 0;
  headersSent = false;
  headers: Record<string, string> = {};
  ended: (string | undefined)[] = [];
  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  end(body?: string): void {
    this.ended.push(body);
  }
}

const STATUS = {
  status: "healthy",
  timestamp: "2026-01-31T12:00:00.000Z",
  checks: { größe: { status: "healthy" } },
} as const;

describe("send", () => {
  it("sends the status as JSON that nobody may cache or sniff", () => {
    const res = new FakeResponse();
    send(res, answerStatus(STATUS), "GET");
    expect(res.statusCode).toBe(200);
    expect(res.headers).toEqual({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-length": String(Buffer.byteLength(JSON.stringify(STATUS))),
    });
    expect(res.ended).toEqual([JSON.stringify(STATUS)]);
  });

  it("answers HEAD with the headers of GET and no body", () => {
    const get = new FakeResponse();
    const head = new FakeResponse();
    send(get, answerStatus(STATUS), "GET");
    send(head, answerStatus(STATUS), "HEAD");
    expect(head.headers).toEqual(get.headers);
    expect(head.ended).toEqual([undefined]);
  });

  it("answers unhealthy with 503 and other methods with 405 and what is allowed", () => {
    expect(answerStatus({ ...STATUS, status: "unhealthy" }).statusCode).toBe(503);
    expect(answerMethod()).toMatchObject({ statusCode: 405, headers: { allow: "GET, HEAD" } });
  });

  it("leaves a response alone that somebody has begun", () => {
    const res = new FakeResponse();
    res.headersSent = true;
    send(res, answerStatus(STATUS), "GET");
    expect(res).toMatchObject({ statusCode: 0, headers: {}, ended: [] });
  });
});
