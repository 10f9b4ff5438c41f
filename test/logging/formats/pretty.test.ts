import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createPretty } from "../../../src/logging/formats/pretty-line.js";
import { createHouse } from "../fakes.js";

const TIME = "2026-01-31T12:00:00.123Z";

function render(fields: object): string {
  return createPretty(false)(
    JSON.stringify({ level: "info", time: TIME, service: "chat", ...fields }),
  ).replace(/^\d\d:\d\d/, "hh:mm");
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a pretty line", () => {
  it("reads time, level, component, message and then the rest, ids last", () => {
    expect(
      render({
        trace_id: "4bf9",
        component: "http",
        method: "GET",
        path: "/a?x=[redacted]",
        status: 200,
        tags: ["a b"],
        msg: "request completed",
      }),
    ).toBe(
      'hh:mm:00.123 INFO:  [http] request completed method=GET path="/a?x=[redacted]" status=200 tags=["a b"] trace_id=4bf9\n',
    );
  });

  it("lines up levels of four and five letters", () => {
    expect(render({ level: "warn", msg: "x" })).toBe("hh:mm:00.123 WARN:  x\n");
    expect(render({ level: "error", msg: "x" })).toBe("hh:mm:00.123 ERROR: x\n");
  });

  it("shows an error with its stack below, and what caused it", () => {
    const err = {
      type: "A",
      message: "a",
      stack: "A: a\n    at x",
      code: "E1",
      cause: { type: "B", message: "b", stack: "B: b\n    at y", cause: "c" },
    };
    expect(render({ msg: "failed", err })).toBe(
      'hh:mm:00.123 INFO:  failed\n    A: a\n        at x\n    {"code":"E1"}\n    caused by: B: b\n        at y\n    caused by: c\n',
    );
  });

  it("lets no untrusted text steer the terminal or begin a line of its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, key) => {
        const nasty = `\u001b[2J\u009b\u202e\r\n${text}`;
        const line = render({
          msg: nasty,
          component: nasty,
          [`x${key}\u001b`]: nasty,
          err: { stack: nasty, [key]: nasty, cause: { stack: nasty } },
        });
        expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        for (const later of line.trimEnd().split("\n").slice(1)) expect(later).toMatch(/^ {4}/);
      }),
    );
  });

  it("shows what is no JSON as it is", () => {
    expect(createPretty(false)("plain text")).toContain("plain text");
  });
});

describe("colour", () => {
  const watched = () => {
    const lines: string[] = [];
    return { lines, destination: { isTTY: true, write: (line: string) => lines.push(line) } };
  };

  it("is used on a terminal", () => {
    vi.stubEnv("NO_COLOR", "");
    const { lines, destination } = watched();
    createHouse({ format: "pretty", destination }).logger.info("x");
    expect(lines[0]).toContain("\u001b[32mINFO");
  });

  it("is left out when NO_COLOR is set, and where nobody watches", () => {
    vi.stubEnv("NO_COLOR", "1");
    const { lines, destination } = watched();
    createHouse({ format: "pretty", destination }).logger.info("x");
    vi.unstubAllEnvs();
    const piped = createHouse({ format: "pretty" });
    piped.logger.info("x");
    expect([...lines, ...piped.lines].join("")).not.toContain("\u001b");
  });
});
