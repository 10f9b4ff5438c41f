import { describe, expect, it } from "vitest";
import { redactValue } from "../../src/logging/redact.js";

class PaymentError extends Error {}

function describeError(error: unknown): Record<string, unknown> {
  return redactValue(error) as Record<string, unknown>;
}

describe("an error", () => {
  it("tells type, message, stack, code and its own properties", () => {
    const error = Object.assign(new TypeError("bad"), { code: "E_BAD", port: 5432, password: "p" });
    expect(describeError(error)).toEqual({
      type: "TypeError",
      message: "bad",
      stack: error.stack,
      code: "E_BAD",
      port: 5432,
      password: "[redacted]",
    });
  });

  it("goes by its class, or by the name it has given itself", () => {
    expect(describeError(new PaymentError("x"))["type"]).toBe("PaymentError");
    expect(describeError(new DOMException("x", "AbortError"))["type"]).toBe("AbortError");
    expect(describeError(new Error("x"))["type"]).toBe("Error");
  });

  it("tells its causes as deep as a copy goes, and a circle of them once", () => {
    let error = new Error("0");
    for (let i = 1; i < 50; i++) error = new Error(String(i), { cause: error });
    const messages: unknown[] = [];
    for (
      let at: unknown = describeError(error);
      typeof at === "object";
      at = (at as { cause: unknown }).cause
    ) {
      messages.push((at as { message: unknown }).message);
    }
    expect(messages).toEqual(["49", "48", "47", "46", "45", "44", "43"]);
    const circle = new Error("a");
    circle.cause = circle;
    expect(describeError(circle)["cause"]).toBe("[circular]");
  });

  it("tells the errors of an AggregateError", () => {
    expect(describeError(new AggregateError([new Error("one"), "two"], "all"))).toMatchObject({
      type: "AggregateError",
      errors: [{ message: "one" }, "two"],
    });
  });

  it("hides secrets in message and stack", () => {
    const told = describeError(new Error("GET https://u:p@host/?token=abc failed"));
    expect(told["message"]).toBe("GET https://[redacted]@host/?token=[redacted] failed");
    expect(told["stack"]).toContain("https://[redacted]@host/?token=[redacted]");
  });

  it("survives an error whose members throw", () => {
    const error = new Error("x");
    for (const name of ["stack", "name", "message", "code", "cause"]) {
      Object.defineProperty(error, name, {
        get: () => {
          throw new Error("getter");
        },
      });
    }
    expect(describeError(error)).toEqual({
      type: "[throws]",
      message: "[throws]",
      stack: "[throws]",
      code: "[throws]",
      cause: "[throws]",
    });
  });
});
