import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExposedFleet } from "../../../src/metrics/processes/fleet.js";
import type { Histogram } from "../../../src/metrics/types.js";
import { decodeFamilies } from "../protobuf/decode.js";
import { createFleetFixture, type Member } from "./fleet-fixture.js";

type Shown = Record<string, unknown>;

function waits({ metrics }: Pick<Member, "metrics">, maxBuckets = 160): Histogram<"queue"> {
  const native = { schema: 4, maxBuckets };
  return metrics.histogram({
    name: "wait_seconds",
    help: "h",
    labelNames: ["queue"],
    buckets: [1, 5],
    native,
  });
}

/** The histogram of each label set, as protobuf shows it. */
async function shown({ exposition, view }: Pick<ExposedFleet, "exposition" | "view">): Promise<Shown[]> {
  const through = new PassThrough();
  const [bytes] = await Promise.all([
    buffer(through),
    exposition.pipeTo(view.registry, through, { format: "protobuf" }),
  ]);
  const metrics = decodeFamilies(bytes).flatMap(({ metric }) => metric);
  return metrics.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

const NAMES = ["a", "b", "c"];
const step = fc.tuple(
  fc.constantFrom("observe", "observe", "observe", "observe", "tell", "restart", "retire", "takeover"),
  fc.constantFrom(...NAMES),
  fc.constantFrom("x", "y"),
  // Their sums are exact, in whatever order they are added.
  fc.constantFrom(0, 0.25, 1, 2.75, 400, -3, 2 ** -30, 2 ** 30, 7, 9),
);

describe("the native histograms of a fleet", () => {
  it.each([160, 2])("are those of one process with all observations, with %i buckets", async (maxBuckets) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const fixture = createFleetFixture();
        let { fleet } = fixture;
        const one = fixture.member("one");
        const members = new Map<string, Member>();
        const of = (name: string): Member => {
          const known = members.get(name) ?? fixture.member(name);
          members.set(name, known);
          return known;
        };
        for (const [action, name, queue, value] of steps) {
          const member = of(name);
          if (action === "observe")
            for (const where of [member, one]) waits(where, maxBuckets).observe({ queue }, value);
          if (action === "restart" || action === "takeover") member.journal.restart();
          if (action === "tell" || action === "restart" || action === "retire") await member.tell(fleet);
          if (action === "retire") {
            fleet.retire(name);
            members.delete(name);
          }
          if (action === "takeover") {
            const legacy = structuredClone(fleet.legacy());
            fleet = fixture.another();
            fleet.apply("legacy", legacy);
            fleet.retire("legacy");
            for (const other of members.values()) {
              other.journal.restart();
              await other.tell(fleet);
            }
          }
        }
        for (const member of members.values()) await member.tell(fleet);
        expect(await shown(fleet)).toEqual(await shown(await one.metrics.expose()));
      }),
      { numRuns: 100 },
    );
  });

  it("hold what a series counted before a source forgot it, and what its next one counts", async () => {
    const fixture = createFleetFixture();
    const [a, b] = [fixture.member("a"), fixture.member("b")];
    waits(b).observe({ queue: "x" }, 2);
    await b.tell();
    for (let round = 1; round <= 3; round++) {
      waits(a).observe({ queue: "x" }, 2);
      await a.tell();
      waits(a).remove("x");
      const [x] = await shown(fixture.fleet);
      expect(x).toMatchObject({ histogram: { sample_count: round + 1, positive_delta: [round + 1] } });
    }
  });

  it("are left out of a series that a process without them has counted in, whose classic buckets stay", async () => {
    const fixture = createFleetFixture();
    const [a, b] = [fixture.member("a"), fixture.member("b")];
    waits(a).observe({ queue: "x" }, 2);
    waits(a).observe({ queue: "y" }, 2);
    b.metrics
      .histogram({ name: "wait_seconds", help: "h", labelNames: ["queue"], buckets: [1, 5] })
      .observe({ queue: "x" }, 2);
    await a.tell();
    await b.tell();
    const [x, y] = await shown(fixture.fleet);
    expect(x).toMatchObject({ label: [{ value: "x" }], histogram: { sample_count: 2 } });
    expect(x).not.toHaveProperty("histogram.schema");
    expect(y).toMatchObject({ histogram: { sample_count: 1, schema: 4 } });
  });
});
