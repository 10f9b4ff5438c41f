import fc from "fast-check";
import { expect, it } from "vitest";
import { type FakeMember, fakeMember, temporaryFolder } from "./fakes.js";

type Step = { readonly act: "join" | "leave" | "count" | "scrape"; readonly who: number };

const step = fc.record({
  act: fc.constantFrom<Step["act"]>("join", "leave", "count", "count", "scrape"),
  who: fc.nat(7),
});

it("counts everything exactly once, in whatever order members come, count, are scraped and leave", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const temporary = temporaryFolder();
      const members: FakeMember[] = [fakeMember({ temporary, key: { folder: "p1-0-test", anchor: 1 } })];
      let counted = 0;
      const pick = (who: number) => members[who % members.length] as FakeMember;
      for (const { act, who } of steps) {
        if (act === "join") members.push(fakeMember({ temporary, key: { folder: "p1-0-test", anchor: 1 } }));
        if (act === "leave" && members.length > 1) {
          const [gone] = members.splice(who % members.length, 1);
          await gone?.group.close();
        }
        if (act === "count")
          pick(who).journal.counts["jobs"] = ++counted && (pick(who).journal.counts["jobs"] ?? 0) + 1;
        if (act === "scrape") expect((await pick(who).scrape())?.["jobs"]).toBeLessThanOrEqual(counted);
      }
      for (const member of members)
        await expect.poll(() => member.scrape(), { interval: 5, timeout: 1_500 }).toEqual({ jobs: counted });
      for (const { group } of members) await group.close();
      expect(members.flatMap(({ faults }) => faults)).toEqual([]);
    }),
    { numRuns: Number(process.env["RUNS"] ?? 40) },
  );
}, 60_000);
