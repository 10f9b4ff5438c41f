import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import type { Metrics } from "../../../src/metrics/index.js";
import type { FamilyOptions, Renames } from "../../../src/metrics/types.js";
import { createFixture } from "../family-fixture.js";
import { complaintOf } from "./complaint.js";

const orders = { name: "orders_total", help: "Orders.", labelNames: ["shop", "outcome"] } as const;

type Declare = (metrics: Metrics) => unknown;
const counter = (options: Partial<FamilyOptions> = {}): Declare => {
  return (metrics) => metrics.counter({ ...orders, ...options } as FamilyOptions<"shop">);
};

const bad: [string, unknown, string][] = [
  [
    "of a wrong kind",
    { a: "b" },
    'rename of "a": found "b"; expected an object of name, labels, scale and unit.',
  ],
  [
    "with a key that there is none of",
    { a: { lables: {} } },
    'rename of "a": found "lables"; expected one of name, labels, scale, unit.',
  ],
  [
    "to a bad name",
    { a: { name: "a-b" } },
    'rename of "a", name: found "a-b"; expected letters, digits, _ and :, no digit first.',
  ],
  [
    "of labels that is no object",
    { a: { labels: ["b"] } },
    'rename of "a", labels: found ["b"]; expected an object of label names, or false, by label.',
  ],
  [
    "to a bad label",
    { a: { labels: { b: "__c" } } },
    'rename of "a", labels, b: found "__c"; expected false, or letters, digits and _, no digit and no __ first.',
  ],
  [
    "of a label to true",
    { a: { labels: { b: true } } },
    'rename of "a", labels, b: found true; expected false, or',
  ],
  [
    "of two labels to one name",
    { a: { labels: { b: "x", c: "x" } } },
    'rename of "a", labels, c: found "x"; expected another name than that of "b".',
  ],
  [
    "by a scale of 0",
    { a: { scale: 0 } },
    'rename of "a", scale: found 0; expected a finite number above 0.',
  ],
  [
    "by an infinite scale",
    { a: { scale: Number.POSITIVE_INFINITY } },
    "found Infinity; expected a finite number",
  ],
  [
    "to an empty unit",
    { a: { unit: "" } },
    'rename of "a", unit: found ""; expected a unit such as milliseconds.',
  ],
  [
    "of two families to one name",
    { a: { name: "x" }, b: { name: "x" } },
    'rename of "b": found "x"; expected another name than that of "a".',
  ],
  [
    "to the name of another that is in the list",
    { a: { name: "p_b" }, b: { labels: {} } },
    'rename of "b": found "p_b"; expected another name than that of "a".',
  ],
];

describe("a rename is refused at the start", () => {
  it.each(bad)("%s", (_title, rename, complaint) => {
    const told = complaintOf(() => createFixture({ prefix: "p_", rename: rename as Renames }));
    expect(told).toContain("TELLTALE_OPTION metrics.rename: ");
    expect(told).toContain(complaint);
  });

  it("but not for two families that change names", () => {
    const { metrics } = createFixture({ rename: { a: { name: "b" }, b: { name: "a" } } });
    const names = ["a", "b"].map((name) => metrics.gauge({ name, help: "h" }).name);
    expect(names).toEqual(["b", "a"]);
  });

  it("and so is a vocabulary that there is none of", () => {
    expect(complaintOf(() => createFixture({ naming: "toString" as "otel" }))).toContain(
      'TELLTALE_OPTION metrics.naming: found "toString"; expected one of prometheus, otel,',
    );
  });
});

const clashes: [string, Renames, Declare, string][] = [
  [
    "of a label that the family has not",
    { orders_total: { labels: { plan: "tier" } } },
    counter(),
    'TELLTALE_LABEL rename of label "plan" of counter "orders_total": found ["shop", "outcome"]; expected a family with that label.',
  ],
  [
    "of a label to one that the family has",
    { orders_total: { labels: { shop: "outcome" } } },
    counter(),
    'TELLTALE_LABEL label of counter "orders_total": found "outcome"; expected each name once.',
  ],
  [
    "of a label to le in a histogram",
    { h: { labels: { a: "le" } } },
    (m) => m.histogram({ name: "h", help: "h", labelNames: ["a"] }),
    'TELLTALE_LABEL label of histogram "h": found "le"; expected another name: a histogram sets it itself.',
  ],
  [
    "that drops a label of a gauge",
    { g: { labels: { a: false } } },
    (m) => m.gauge({ name: "g", help: "h", labelNames: ["a"] }),
    'TELLTALE_LABEL rename of label "a" of gauge "g": found false; expected a name: the values of a gauge cannot be summed.',
  ],
  [
    "to the name of a family that is declared",
    { orders_total: { name: "sales" } },
    (m) => [m.gauge({ name: "sales", help: "h" }), m.counter(orders)],
    'TELLTALE_FAMILY counter "orders_total", exported name: found "sales"; expected a name that no other family has: "sales" is exported under it.',
  ],
  [
    "whose name a later family is declared with",
    { orders_total: { name: "sales_total" } },
    (m) => [m.counter(orders), m.counter({ ...orders, name: "sales_total" })],
    'TELLTALE_FAMILY counter "sales_total", exported name: found "sales_total"; expected a name that no other family has: "orders_total" is exported under it.',
  ],
  [
    "to the name of somebody else's metric",
    { orders_total: { name: "foreign" } },
    (m) => [new client.Gauge({ name: "foreign", help: "h", registers: [m.registry] }), m.counter(orders)],
    'TELLTALE_FAMILY counter name: found "foreign"; expected a name that no other metric of this registry has.',
  ],
  [
    "of a counter that is declared without _total",
    { jobs: { name: "jobs_total" } },
    (m) => m.counter({ name: "jobs", help: "h" }),
    'TELLTALE_FAMILY counter name: found "jobs"; expected a name that ends in _total, such as "jobs_total".',
  ],
];

describe("a declaration is refused for a rename", () => {
  it.each(clashes)("%s", (_title, rename, declare, complaint) => {
    const { metrics } = createFixture({ rename });
    expect(complaintOf(() => declare(metrics))).toBe(complaint);
  });
});
