import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFleetFixture, type Member } from "./fleet-fixture.js";

const NAMES = ["a", "b", "c"];
const QUEUES = ["x", "y", "z", "w"];

const step = fc.tuple(
  fc.constantFrom("inc", "inc", "inc", "tell", "tell", "restart", "retire", "crash", "takeover", "show"),
  fc.nat(NAMES.length - 1),
  fc.nat(QUEUES.length - 1),
  fc.integer({ min: 1, max: 9 }),
);

describe("the sums of a fleet", () => {
  it("are what its sources told, whatever comes between, and never go down", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const { fleet: first, member, another, lines } = createFleetFixture();
        let fleet = first;
        const members = new Map<string, { member: Member; counts: Map<string, number>; isKnown: boolean }>();
        const gone = new Map<string, number>();
        const told = new Map<string, ReadonlyMap<string, number>>();
        let shown = new Map<string, number>();
        const of = (name: string) => {
          const known = members.get(name) ?? { member: member(name), counts: new Map(), isKnown: false };
          members.set(name, known);
          return known;
        };
        const tell = async (name: string): Promise<void> => {
          const one = of(name);
          await one.member.tell(fleet);
          told.set(name, new Map(one.counts));
        };
        const retire = (name: string): void => {
          fleet.retire(name);
          for (const [queue, count] of told.get(name) ?? []) gone.set(queue, (gone.get(queue) ?? 0) + count);
          told.delete(name);
          members.delete(name);
        };
        for (const [action, who, what, amount] of steps) {
          const name = NAMES[who] as string;
          const queue = QUEUES[what] as string;
          const one = of(name);
          if (action === "inc") {
            one.member.metrics
              .counter({ name: "c_total", help: "h", labelNames: ["q"] })
              .inc({ q: queue }, amount / 4);
            one.counts.set(queue, (one.counts.get(queue) ?? 0) + amount / 4);
          } else if (action === "tell") await tell(name);
          else if (action === "restart") {
            one.member.journal.restart();
            await tell(name);
          } else if (action === "retire") {
            await tell(name);
            retire(name);
          } else if (action === "crash") retire(name);
          else if (action === "takeover") {
            const legacy = structuredClone(fleet.legacy());
            fleet = another();
            fleet.apply("legacy", legacy);
            fleet.retire("legacy");
            for (const [other, { member: someone }] of members) {
              someone.journal.restart();
              await tell(other);
            }
          }
          const now = new Map(
            (await lines(fleet)).map((line) => {
              const [, q = "", value] = /q="(.)"} (.*)/.exec(line) ?? [];
              return [q, Number(value)];
            }),
          );
          for (const [q, value] of shown) expect(now.get(q)).toBeGreaterThanOrEqual(value);
          shown = now;
        }
        const expected = new Map(gone);
        for (const counts of told.values())
          for (const [q, count] of counts) expected.set(q, (expected.get(q) ?? 0) + count);
        expect([...shown].sort()).toEqual([...expected].sort());
      }),
      { numRuns: 150 },
    );
  });
});
