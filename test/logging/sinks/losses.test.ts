import { expect, it } from "vitest";
import { createLossReport } from "../../../src/logging/sinks/losses.js";

it("tells of losses once a minute, with all lines lost since and the last cause", () => {
  let clock = 0;
  const told: Error[] = [];
  const lose = createLossReport(
    (error) => void told.push(error as Error),
    () => clock,
  );
  lose(new Error("ENOSPC"), 2);
  lose(new Error("ENOSPC"), 3);
  clock = 60_000;
  lose("closed", 1);
  expect(told.map(({ message }) => message)).toEqual([
    "log output: ENOSPC (2 lines lost)",
    "log output: closed (4 lines lost)",
  ]);
  expect(told[0]?.cause).toEqual(new Error("ENOSPC"));
});
