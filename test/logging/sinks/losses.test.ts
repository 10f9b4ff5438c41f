import { expect, it } from "vitest";
import { createFaultReport, createLossReport } from "../../../src/logging/sinks/losses.js";

function createHouse() {
  const counted: string[] = [];
  const noted: Error[] = [];
  const told: string[] = [];
  return {
    counted,
    noted,
    told,
    hooks: {
      dropped: (sink: string, reason: string, lines: number) =>
        void counted.push(`${sink} ${reason} ${lines}`),
      note: (_part: string, error: unknown) => void noted.push(error as Error),
      tell: (text: string) => void told.push(text),
    },
  };
}

it("counts every loss, and tells once a minute with all lines lost since and the last cause", () => {
  let clock = 0;
  const { counted, noted, told, hooks } = createHouse();
  const lose = createLossReport("file", hooks, () => clock);
  lose("write_failed", 2, new Error("ENOSPC"));
  lose("write_failed", 3, new Error("ENOSPC"));
  lose("write_failed", 0, new Error("ENOENT"));
  clock = 60_000;
  lose("closed", 1);
  expect(counted).toEqual(["file write_failed 2", "file write_failed 3", "file closed 1"]);
  expect(told).toEqual(["log output file: ENOSPC (2 lines lost)", "log output file: closed (4 lines lost)"]);
  expect(noted.map(({ message }) => message)).toEqual(told);
  expect(noted[0]?.cause).toEqual(new Error("ENOSPC"));
});

it("tells nothing on standard error of standard error's own losses", () => {
  const { counted, told, hooks } = createHouse();
  createLossReport("stderr", hooks)("write_failed", 1, new Error("EPIPE"));
  expect([counted, told]).toEqual([["stderr write_failed 1"], []]);
});

it("notes a faulty line once a minute", () => {
  const { counted, noted, hooks } = createHouse();
  const fault = createFaultReport(hooks);
  fault(new Error("no store"));
  fault("again");
  expect(noted.map(({ message }) => message)).toEqual(["log line: no store"]);
  expect(counted).toEqual([]);
});
