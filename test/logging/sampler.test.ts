import { expect, it } from "vitest";
import { createHouse } from "./fakes.js";

function openHouse(sample: { first: number; thereafter: number; intervalMs: number }) {
  const dropped: string[] = [];
  const house = createHouse(
    { sample },
    { dropped: (sink, reason, lines) => void dropped.push(`${sink} ${reason} ${lines}`) },
  );
  const numbers = (): unknown[] => house.lines.map((line) => (JSON.parse(line) as { i: number }).i);
  return { house, dropped, numbers };
}

it("writes the first lines of a text, then every so-many-th, and counts the others", () => {
  const { house, dropped, numbers } = openHouse({ first: 2, thereafter: 3, intervalMs: 3_600_000 });
  for (let i = 1; i <= 8; i++) house.logger.info({ i }, "again");
  expect(numbers()).toEqual([1, 2, 5, 8]);
  expect(dropped).toEqual(Array(4).fill("all sampled 1"));
});

it("tells texts and components apart, and leaves errors and lines without a text alone", () => {
  const { house, numbers } = openHouse({ first: 1, thereafter: 0, intervalMs: 3_600_000 });
  const db = house.logger.component("db");
  for (let i = 1; i <= 3; i++) {
    house.logger.info({ i }, "again");
    db.info({ i: i + 10 }, "again");
    db.child({ more: true }).info({ i: i + 20 }, "again");
    house.logger.error({ i: i + 30 }, "again");
    house.logger.info({ i: i + 40 });
  }
  expect(numbers()).toEqual([1, 11, 31, 41, 32, 42, 33, 43]);
});

it("says after the interval how many were left out", async () => {
  const { house } = openHouse({ first: 1, thereafter: 0, intervalMs: 1000 });
  for (let i = 0; i < 5; i++) house.logger.info("again");
  await expect
    .poll(
      () => {
        house.logger.error("tick");
        return house.lines.join("");
      },
      { timeout: 20_000, interval: 100 },
    )
    .toMatch(/"sampled":[1-4].*[1-4] repetitive lines were left out, most of them: again/);
});

it("keeps at most a thousand texts in mind; the others are written", () => {
  const { house } = openHouse({ first: 1, thereafter: 0, intervalMs: 3_600_000 });
  for (let round = 0; round < 2; round++) for (let i = 0; i < 1500; i++) house.logger.info(`text ${i}`);
  expect(house.lines).toHaveLength(1500 + 500);
});
