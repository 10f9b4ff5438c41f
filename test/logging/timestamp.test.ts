import { expect, it } from "vitest";
import { createTimestamp } from "../../src/logging/timestamp.js";

it("renders the time as ISO, whichever way the clock goes", () => {
  let clock = 0;
  const render = createTimestamp(
    "time",
    () => "",
    () => clock,
  );
  for (const at of [0, 1, 999, 1000, 1_769_860_800_123.75, 1_769_860_799_999, -1, 253_402_300_799_999]) {
    clock = at;
    expect(render()).toBe(`,"time":"${new Date(Math.floor(at)).toISOString()}"`);
  }
});

it("puts the ids of the running work behind the time", () => {
  const render = createTimestamp(
    "time",
    () => ',"trace_id":"a"',
    () => 0,
  );
  expect(render()).toBe(',"time":"1970-01-01T00:00:00.000Z","trace_id":"a"');
});
