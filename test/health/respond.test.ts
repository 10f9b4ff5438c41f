import { describe, expect, it } from "vitest";
import { answerJson, type HealthResponse, METHOD_ANSWER, send } from "../../src/health/respond.js";

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

const BODY = '{"status":"healthy","checks":{"größe":{"status":"healthy"}}}';
const ANSWER = answerJson(200, BODY, { "retry-after": "3" });

describe("send", () => {
  it("sends the status as JSON that nobody may cache or sniff", () => {
    const res = new FakeResponse();
    send(res, ANSWER, "GET");
    expect(res.statusCode).toBe(200);
    expect(res.headers).toEqual({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "retry-after": "3",
      "content-length": String(Buffer.byteLength(BODY)),
    });
    expect(res.ended).toEqual([BODY]);
  });

  it("answers HEAD with the headers of GET and no body", () => {
    const get = new FakeResponse();
    const head = new FakeResponse();
    send(get, ANSWER, "GET");
    send(head, ANSWER, "HEAD");
    expect(head.headers).toEqual(get.headers);
    expect(head.ended).toEqual([undefined]);
  });

  it("tells the methods that are answered", () => {
    expect(METHOD_ANSWER).toMatchObject({ statusCode: 405, headers: { allow: "GET, HEAD" } });
  });

  it("leaves a response alone that somebody has begun", () => {
    const res = new FakeResponse();
    res.headersSent = true;
    send(res, ANSWER, "GET");
    expect(res).toMatchObject({ statusCode: 0, headers: {}, ended: [] });
  });
});
