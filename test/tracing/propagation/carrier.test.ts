import { expect, it } from "vitest";
import { anyGetter, getterOf } from "../../../src/tracing/propagation/carrier.js";

const read = (value: unknown) => [
  anyGetter.get({ a: value }, "a"),
  getterOf(() => value).get({}, "a"),
  anyGetter.get(new Map([["a", value]]), "a"),
];

it.each([
  ["text", "x", "x"],
  ["bytes", Buffer.from("x"), "x"],
  ["a list", ["x", Buffer.from("y")], ["x", "y"]],
  ["8192 characters", "x".repeat(8192), "x".repeat(8192)],
  ["a longer text", "x".repeat(8193), undefined],
  ["more bytes", Buffer.alloc(8193), undefined],
  ["a list with one too long", ["x", "x".repeat(8193)], undefined],
  ["a list of lists", [["x"]], undefined],
  ["a number", 7, undefined],
  ["nothing", null, undefined],
])("%s is read as it is, or not at all", (_what, value, expected) => {
  expect(read(value)).toEqual([expected, expected, expected]);
});

it("no more than 1000 names of a carrier are looked at", () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, "1"]));
  expect([anyGetter.keys(many).length, anyGetter.keys(new Map(Object.entries(many))).length]).toEqual([
    1000, 1000,
  ]);
});

it("what an object inherits is not read", () => {
  expect(anyGetter.get(Object.create({ a: "x" }), "a")).toBeUndefined();
  expect(anyGetter.get({}, "constructor")).toBeUndefined();
});
