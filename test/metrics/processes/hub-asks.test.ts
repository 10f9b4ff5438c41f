import { expect, it } from "vitest";
import { createAsks } from "../../../src/metrics/processes/hub-asks.js";

function asking() {
  const put: boolean[] = [];
  const done: string[] = [];
  const asks = createAsks((isQuiet) => put.push(isQuiet));
  const ask = (name: string, isQuiet = false): void =>
    void asks.ask(isQuiet).then(() => {
      done.push(name);
    });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { ...asks, put, done, ask, turn };
}

it("has one question out, and one that waits for all who asked meanwhile", async () => {
  const { put, done, ask, answered, turn } = asking();
  for (const name of ["a", "b", "c"]) ask(name);
  expect(put).toHaveLength(1);
  answered();
  await turn();
  expect(done).toEqual(["a"]);
  expect(put).toHaveLength(2);
  answered();
  await turn();
  expect(done).toEqual(["a", "b", "c"]);
  expect(put).toHaveLength(2);
});

it("leaves the callbacks out only where nobody who waits wants them", () => {
  const { put, ask, answered } = asking();
  ask("out", true);
  ask("review", true);
  ask("scrape", false);
  ask("review", true);
  answered();
  ask("review", true);
  answered();
  expect(put).toEqual([true, false, true]);
});

it("keeps nobody waiting once there will be no answers", async () => {
  const { done, ask, end, turn } = asking();
  ask("out");
  ask("next");
  end();
  ask("late");
  await turn();
  expect(done.sort()).toEqual(["late", "next", "out"]);
});
