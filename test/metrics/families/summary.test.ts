import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";

describe("a summary", () => {
  it("shows prom-client's quantiles, sum and count, with default labels", async () => {
    const { metrics, lines } = createFixture({ labels: { service: "chat" } });
    const summary = metrics.summary({ name: "s", help: "h", labelNames: ["l"], percentiles: [0.5] });
    for (const value of [1, 2, 3]) summary.observe({ l: 5 }, value);
    summary.labels("5").observe(4);
    expect(await lines()).toEqual([
      's{quantile="0.5",l="5",service="chat"} 2.5',
      's_sum{l="5",service="chat"} 10',
      's_count{l="5",service="chat"} 4',
    ]);
  });

  it("works without labels, times, and starts anew after a reset", async () => {
    const { metrics, lines } = createFixture();
    const summary = metrics.summary({ name: "s", help: "h", percentiles: [] });
    summary.observe(3);
    summary.reset();
    const seconds = summary.startTimer()() + summary.labels().startTimer()();
    expect((await lines()).map((line) => Number(line.split(" ")[1]))).toEqual([
      expect.closeTo(seconds, 9),
      2,
    ]);
  });

  it("forgets one label set", async () => {
    const { metrics, lines } = createFixture();
    const summary = metrics.summary({ name: "s", help: "h", labelNames: ["l"], percentiles: [] });
    summary.observe({ l: "x" }, 1);
    summary.observe({ l: "y" }, 1);
    summary.remove("x");
    expect(await lines()).toEqual(['s_sum{l="y"} 1', 's_count{l="y"} 1']);
  });

  it("does not record what is no finite number", async () => {
    const { metrics, lines, told } = createFixture();
    const summary = metrics.summary({ name: "s", help: "h", labelNames: ["l"] });
    summary.observe({ l: "x" }, Number.NaN);
    summary.observe("1" as unknown as number);
    expect(await lines()).toEqual([]);
    expect(told).toEqual(["s: observe(): found NaN; expected a finite number. It was not recorded."]);
  });
});
