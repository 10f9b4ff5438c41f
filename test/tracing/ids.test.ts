import { describe, expect, it } from "vitest";
import { createIds } from "../../src/tracing/ids.js";

describe("createIds", () => {
  it("makes lower-case hex of the right length, never twice the same across refills", () => {
    const ids = createIds();
    const traceIds = Array.from({ length: 2000 }, () => ids.traceId());
    const spanIds = Array.from({ length: 2001 }, () => ids.spanId());
    expect(traceIds.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(spanIds.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
    expect(new Set([...traceIds, ...spanIds]).size).toBe(4001);
  });

  it("shares no pool between instances", () => {
    expect(createIds().traceId()).not.toBe(createIds().traceId());
  });
});
