import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { SampleSettings } from "../../src/logging/index.js";
import { type Compiled, compile } from "./compiled.js";
import { createHouse } from "./fakes.js";

function openHouse(sample: Partial<SampleSettings>) {
  const dropped: string[] = [];
  const house = createHouse(
    { sample },
    { dropped: (sink, reason, lines) => void dropped.push(`${sink} ${reason} ${lines}`) },
  );
  onTestFinished(() => house.close());
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

const SUMMARY = /"sampled":4.*4 repetitive lines were left out, most of them: again/;

it("says when the interval ends how many were left out, with no line to follow and outside of their context", async () => {
  const { house } = openHouse({ first: 1, intervalMs: 1000 });
  house.ids.fields = { user: "u1" };
  for (let i = 0; i < 5; i++) house.logger.component("db").warn("again");
  expect(house.lines).toHaveLength(1);
  await expect.poll(() => house.lines.length, { timeout: 20_000, interval: 20 }).toBe(2);
  expect(house.lines[1]).toMatch(SUMMARY);
  expect(house.last()).toMatchObject({ level: "warn", component: "db", event: "log_lines_sampled" });
  house.logger.info("again");
  expect(house.lines).toHaveLength(3);
});

it("says it when the log is closed, and once", async () => {
  const { house } = openHouse({ first: 1, intervalMs: 3_600_000 });
  for (let i = 0; i < 5; i++) house.logger.info("again");
  await house.close();
  await house.close();
  expect(house.lines).toHaveLength(2);
  expect(house.lines[1]).toMatch(SUMMARY);
});

it("arms its timer and says it apart from the request", async () => {
  let apart = 0;
  const house = createHouse(
    { sample: { first: 1, intervalMs: 3_600_000 } },
    {
      apart: (work) => {
        apart++;
        return work();
      },
    },
  );
  for (let i = 0; i < 5; i++) house.logger.info("again");
  expect(apart).toBe(1);
  await house.close();
  expect(apart).toBe(2);
});

it("says nothing where nothing was left out", async () => {
  const { house } = openHouse({ first: 1, intervalMs: 1 });
  house.logger.info("once");
  await house.close();
  expect(house.lines).toHaveLength(1);
});

describe("logging.sample.key", () => {
  it("says which lines are alike, by fields and text", () => {
    const key: SampleSettings["key"] = (fields, message) => `${message.slice(0, 3)} ${fields["room"]}`;
    const { house, numbers } = openHouse({ first: 1, intervalMs: 3_600_000, key });
    house.logger.info({ i: 1, room: "a" }, "one");
    house.logger.info({ i: 2, room: "a" }, "one more");
    house.logger.info({ i: 3, room: "b" }, "one");
    house.logger.info({ i: 4, room: "b" });
    house.logger.info({ i: 5, room: "b" });
    house.logger.error({ i: 6, room: "b" }, "one");
    expect(numbers()).toEqual([1, 3, 4, 6]);
  });

  it("that throws or answers no text costs no line", () => {
    const answers: unknown[] = [undefined, 5];
    const key = (): string => {
      if (answers.length === 0) throw new Error("no key");
      return answers.pop() as string;
    };
    const { house, dropped } = openHouse({ first: 1, intervalMs: 3_600_000, key });
    for (let i = 0; i < 5; i++) house.logger.info("again");
    expect([house.lines.length, dropped]).toEqual([5, []]);
    expect(house.notes.map(({ message }) => message)).toEqual(["log line: no key"]);
  });
});

describe("a process that ends", () => {
  let compiled: Compiled;
  beforeAll(() => {
    compiled = compile();
  });
  afterAll(() => {
    compiled.remove();
  });

  it.each([
    ["by itself", ""],
    ["by process.exit()", "process.exit(0);"],
    ["by a signal", 'process.stderr.write("up"); setInterval(() => {}, 1000);'],
  ])("%s says how many lines were left out", async (_how, rest) => {
    const ended = await compiled.run(
      `const { logger } = make({ sample: { first: 1, intervalMs: 3600000 } });
       for (let i = 0; i < 5; i++) logger.info("again"); ${rest}`,
      { signal: "SIGTERM" },
    );
    expect(ended.lines).toHaveLength(2);
    expect(ended.lines[1]).toMatch(SUMMARY);
  });
});

it("keeps at most a thousand texts in mind; the others are written", () => {
  const { house } = openHouse({ first: 1, thereafter: 0, intervalMs: 3_600_000 });
  for (let round = 0; round < 2; round++) for (let i = 0; i < 1500; i++) house.logger.info(`text ${i}`);
  expect(house.lines).toHaveLength(1500 + 500);
});
