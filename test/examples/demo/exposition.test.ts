import { describe, expect, it } from "vitest";
import { estimateQuantile, parseExposition } from "../../../examples/demo/exposition.mjs";

describe("parseExposition", () => {
  it("reads values, and labels with escapes and braces in them", () => {
    const [family] = parseExposition(
      '# TYPE a_total counter\na_total{x="1",y="q\\"}\\n\\\\"} 2\na_total 3e-7\n',
    );
    expect(family?.samples).toEqual([
      { labels: { x: "1", y: 'q"}\n\\' }, value: 2 },
      { labels: {}, value: 3e-7 },
    ]);
  });

  it("gathers the lines of each label set of a histogram", () => {
    const lines = [
      "# HELP h Help.",
      "# TYPE h histogram",
      'h_bucket{le="1",r="/"} 2',
      'h_bucket{r="/",le="+Inf"} 3',
    ];
    const [family] = parseExposition(
      [...lines, 'h_sum{r="/"} 4.5', 'h_count{r="/"} 3', 'h_count{r="/b"} 0'].join("\n"),
    );
    expect(family?.distributions).toEqual([
      {
        labels: { r: "/" },
        count: 3,
        sum: 4.5,
        bounds: [
          [1, 2],
          [Number.POSITIVE_INFINITY, 3],
        ],
      },
      { labels: { r: "/b" }, count: 0, sum: 0, bounds: [] },
    ]);
  });
});

describe("estimateQuantile", () => {
  const bounds: [number, number][] = [
    [1, 2],
    [2, 8],
    [Number.POSITIVE_INFINITY, 10],
  ];
  const ten = { labels: {}, count: 10, sum: 15, bounds };

  it("goes linearly through the bucket that holds the rank, from zero in the first", () => {
    expect(estimateQuantile(0.5, ten)).toBe(1.5);
    expect(estimateQuantile(0.1, ten)).toBe(0.5);
  });

  it("answers the last bound for what lies beyond it", () => {
    expect(estimateQuantile(0.95, ten)).toBe(2);
  });

  it("answers NaN without observations", () => {
    expect(estimateQuantile(0.95, { labels: {}, count: 0, sum: 0, bounds: [] })).toBeNaN();
  });
});
