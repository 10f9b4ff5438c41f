import { deserialize } from "node:v8";
import { expect, it } from "vitest";
import { createTeller } from "../../../src/metrics/processes/peer-teller.js";
import { fakeJournal } from "./fakes.js";

it("tells in the order in which it was asked, though an earlier answer takes longer", async () => {
  const journal = fakeJournal({ jobs: 1 });
  let go: () => void = () => undefined;
  journal.hold = new Promise((resolve) => {
    go = resolve;
  });
  const teller = createTeller(journal);
  const first = teller.tell({ isWhole: true, isQuiet: false });
  const second = teller.tell({ isWhole: false, isQuiet: true });
  await new Promise((resolve) => setImmediate(resolve));
  journal.counts["jobs"] = 2;
  go();
  expect(deserialize(await first)).toEqual({ isWhole: true, counts: { jobs: 2 } });
  expect(deserialize(await second)).toEqual({ isWhole: false, counts: {} });
  expect(journal.calls.collected).toBe(1);
});

it("tells everything at the end of the process, whatever was told before", async () => {
  const teller = createTeller(fakeJournal({ jobs: 1 }));
  await teller.tell({ isWhole: true, isQuiet: true });
  expect(deserialize(teller.tellNow())).toEqual({ isWhole: true, counts: { jobs: 1 } });
});
