import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";

function declare() {
  const fixture = createFixture();
  const plain = fixture.metrics.gauge({ name: "a", help: "h" });
  const labelled = fixture.metrics.gauge({ name: "b", help: "h", labelNames: ["l", "m"] });
  return { ...fixture, plain, labelled };
}

describe("a gauge", () => {
  it("is set, counted up and counted down, with labels or without", async () => {
    const { plain, labelled, lines } = declare();
    plain.set(5);
    plain.inc();
    plain.dec(3);
    labelled.set({ l: "x" }, -2.5);
    labelled.inc({ l: "x" }, 2);
    labelled.dec({ l: "x" });
    labelled.labels("y").set(Number.POSITIVE_INFINITY);
    labelled.labels("z", "z").dec();
    expect(await lines()).toEqual(["a 3", 'b{l="x",m=""} -1.5', 'b{l="y",m=""} +Inf', 'b{l="z",m="z"} -1']);
  });

  it.each([Number.NaN, "5", undefined, null] as unknown as number[])(
    "does not record set(%s)",
    async (value) => {
      const { plain, labelled, lines, told } = declare();
      plain.set(1);
      plain.set(value);
      labelled.set({ l: "x" }, value);
      expect(await lines()).toEqual(["a 1"]);
      expect(told).toHaveLength(2);
    },
  );

  it.each(["inc", "dec"] as const)("does not record %s() of what is no finite number", async (method) => {
    const { plain, labelled, lines, told } = declare();
    plain[method](Number.POSITIVE_INFINITY);
    labelled[method]({ l: "x" }, "2" as unknown as number);
    expect(await lines()).toEqual(["a 0"]);
    expect(told[0]).toBe(`a: ${method}(): found Infinity; expected a number. It was not recorded.`);
  });

  it("takes the time of day in seconds", async () => {
    const { plain, labelled, lines } = declare();
    const before = Date.now() / 1000;
    plain.setToCurrentTime();
    labelled.setToCurrentTime({ l: "x" });
    labelled.labels("y").setToCurrentTime();
    const shown = (await lines()).map((line) => Number(line.split(" ").at(-1)));
    expect(shown.every((value) => value >= before && value <= Date.now() / 1000)).toBe(true);
    expect(shown).toHaveLength(3);
  });

  it("is set to the seconds of a timer, whose labels may come in two parts", async () => {
    const { labelled, lines } = declare();
    const seconds = labelled.startTimer({ l: "x" })({ m: "y" });
    const handleSeconds = labelled.labels("z", "z").startTimer()();
    const expected = ["a 0", `b{l="x",m="y"} ${seconds}`, `b{l="z",m="z"} ${handleSeconds}`];
    expect(await lines()).toEqual(expected);
  });
});
