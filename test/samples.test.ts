import { expect, test } from "vitest";
import { createSamples } from "../src/samples.js";

test("runs every reader; those that throw or hang are told, and keep nobody else", async () => {
  const faults: unknown[] = [];
  const samples = createSamples(10, (error) => faults.push(String(error)));
  const read: string[] = [];
  samples.add(() => {
    throw new Error("thrown");
  });
  samples.add(() => new Promise(() => undefined));
  samples.add(async () => void read.push("later"));
  const remove = samples.add(() => void read.push("gone"));
  samples.add(() => void read.push("now"));
  remove();
  await samples.run();
  expect(read.toSorted()).toEqual(["later", "now"]);
  expect(faults).toEqual([
    "Error: thrown",
    "Error: took longer than 9 ms; it takes part again once it is done",
  ]);
});
