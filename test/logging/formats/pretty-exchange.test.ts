import { describe, expect, it } from "vitest";
import { describeExchange } from "../../../src/logging/formats/pretty-exchange.js";
import { createPretty } from "../../../src/logging/formats/pretty-line.js";

const LINE = {
  level: "info",
  event: "http_request",
  method: "GET",
  route: "/rooms/:id",
  path: "/rooms/7",
  status: 200,
  outcome: "ok",
  duration_seconds: 0.00325,
  request_bytes: 0,
  response_bytes: 2048,
  request_id: "r1",
  trace_id: "4bf9",
  span_id: "00f0",
  msg: "request completed",
};

describe("an access line", () => {
  it("becomes one sentence, the ids behind it", () => {
    expect(describeExchange(LINE)).toEqual({
      level: "info",
      request_id: "r1",
      trace_id: "4bf9",
      msg: "GET /rooms/7 → 200, 3.3 ms, 2.0 kB (/rooms/:id)",
    });
  });

  it.each([
    [
      { outcome: "aborted", status: 499 },
      "GET /rooms/7 → 499 aborted by the client, 3.3 ms, 2.0 kB (/rooms/:id)",
    ],
    [{ route: null, status: 404 }, "GET /rooms/7 → 404, 3.3 ms, 2.0 kB (no route)"],
    [{ route: "/rooms/7" }, "GET /rooms/7 → 200, 3.3 ms, 2.0 kB"],
    [{ duration_seconds: 1.5, response_bytes: 3_000_000 }, "GET /rooms/7 → 200, 1.50 s, 3.0 MB (/rooms/:id)"],
    [{ duration_seconds: 0.25, response_bytes: 999 }, "GET /rooms/7 → 200, 250 ms, 999 B (/rooms/:id)"],
  ])("with %j says %s", (fields, sentence) => {
    expect(describeExchange({ ...LINE, ...fields })["msg"]).toBe(sentence);
  });

  it("keeps what else was logged with it, such as an error", () => {
    expect(describeExchange({ ...LINE, err: { stack: "x" } })["err"]).toEqual({ stack: "x" });
  });

  it("cannot steer the terminal by its path", () => {
    const line = createPretty(false)(
      JSON.stringify({ ...LINE, time: "2026-01-31T12:00:00.123Z", path: "/\u001b[2J\nx" }),
    );
    expect(line).not.toContain("\u001b");
    expect(
      line
        .trimEnd()
        .split("\n")
        .slice(1)
        .every((more) => more.startsWith("    ")),
    ).toBe(true);
  });
});

it("leaves any other line alone", () => {
  const line = { event: "http_request", msg: "mine" };
  expect(describeExchange(line)).toBe(line);
});
