import { expect, it } from "vitest";
import { groupingPath } from "../../../src/metrics/push/grouping-path.js";

it.each([
  ["chat-1.b~c", "/metrics/job/chat-1.b~c"],
  ["", "/metrics/job@base64/="],
  [".", "/metrics/job@base64/Lg"],
  ["..", "/metrics/job@base64/Li4"],
  ["a/b", "/metrics/job@base64/YS9i"],
  ["a b", "/metrics/job@base64/YSBi"],
  ["%2F", "/metrics/job@base64/JTJG"],
  ["ü>?", "/metrics/job@base64/w7w-Pw"],
])("writes %j so that no parser on the way changes it", (job, path) => {
  expect(groupingPath([["job", job]])).toBe(path);
  expect(new URL(`http://x${path}`).pathname).toBe(path);
});

it("writes one label after the other", () => {
  expect(
    groupingPath([
      ["job", "a"],
      ["zone", "b"],
    ]),
  ).toBe("/metrics/job/a/zone/b");
});
