import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";

function declare() {
  const fixture = createFixture();
  const plain = fixture.metrics.histogram({ name: "a", help: "h", buckets: [1, 2] });
  const labelled = fixture.metrics.histogram({ name: "b", help: "h", labelNames: ["l"], buckets: [1] });
  return { ...fixture, plain, labelled };
}

describe("a histogram", () => {
  it("counts each value in its bucket and in all above, and keeps sum and count", async () => {
    const { plain, lines } = declare();
    for (const value of [1, 1.5, 2.5, -1]) plain.observe(value);
    expect(await lines()).toEqual([
      'a_bucket{le="1"} 2',
      'a_bucket{le="2"} 3',
      'a_bucket{le="+Inf"} 4',
      "a_sum 4",
      "a_count 4",
    ]);
  });

  it("has prom-client's buckets where none are given", async () => {
    const { metrics, lines } = createFixture();
    metrics.histogram({ name: "d", help: "h" });
    const bounds = (await lines()).flatMap((line) => /le="(.*)"/.exec(line)?.[1] ?? []);
    expect(bounds.join()).toBe("0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5,10,+Inf");
  });

  it("appears with zeros before its first observation when asked to", async () => {
    const { labelled, lines } = declare();
    labelled.zero({ l: "x" });
    labelled.labels("y").zero();
    expect((await lines()).filter((line) => /^b_count/.test(line))).toEqual([
      'b_count{l="x"} 0',
      'b_count{l="y"} 0',
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, "1", undefined] as unknown as number[])(
    "neither records %s nor makes a series for it",
    async (value) => {
      const { plain, labelled, lines, told } = declare();
      plain.observe(value);
      labelled.observe({ l: "x" }, value);
      labelled.labels("y").observe(1);
      expect((await lines()).filter((line) => line.includes("_count"))).toEqual([
        "a_count 0",
        'b_count{l="y"} 1',
      ]);
      expect(told.map((message) => message.split(":")[0])).toEqual(["a", "b"]);
    },
  );

  it("observes the seconds of a timer", async () => {
    const { labelled, lines } = declare();
    const seconds = labelled.startTimer()({ l: "x" });
    const handleSeconds = labelled.labels("y").startTimer()();
    expect((await lines()).filter((line) => line.startsWith("b_sum"))).toEqual([
      `b_sum{l="x"} ${seconds}`,
      `b_sum{l="y"} ${handleSeconds}`,
    ]);
  });
});
