import { describe, expect, it } from "vitest";
import { type Report, sum, tally, verdict } from "../../scripts/tally.mjs";

const good: Report = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: "passed", assertionResults: [{ status: "passed" }] }],
};

describe("the tally of a run", () => {
  it("takes the numbers of a run in which all is well", () => {
    expect(tally(good, true)).toEqual({ passed: 3, failed: 0 });
  });

  it.each<[string, Partial<Report>, number]>([
    ["each failed test", { success: false, numFailedTests: 2 }, 2],
    ["each skipped test", { numPendingTests: 1, numTodoTests: 1 }, 2],
    [
      "a file that could not be loaded",
      { success: false, testResults: [{ status: "failed", assertionResults: [] }] },
      1,
    ],
    ["an error outside any test", { success: false }, 1],
    ["a run without tests", { numPassedTests: 0 }, 1],
  ])("counts %s as a failure", (_title, change, failed) => {
    expect(tally({ ...good, ...change }, change.success ?? true).failed).toBe(failed);
  });

  it("counts a failed test once, not again as its file's failure", () => {
    const testResults = [{ status: "failed", assertionResults: [{ status: "failed" }] }];
    expect(tally({ ...good, success: false, numFailedTests: 1, testResults }, false).failed).toBe(1);
  });

  it("counts a crash and a missing report as a failure", () => {
    expect(tally(good, false).failed).toBe(1);
    expect(tally(undefined, true)).toEqual({ passed: 0, failed: 1 });
  });
});

describe("the verdict", () => {
  it("sums the runs in one line", () => {
    const total = sum([
      { passed: 3, failed: 0 },
      { passed: 2, failed: 1 },
    ]);
    expect(verdict(total)).toBe("telltale: 5 passed, 1 failed");
  });
});
