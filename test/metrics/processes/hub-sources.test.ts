import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "node:v8";
import { describe, expect, it } from "vitest";
import { leaveWords } from "../../../src/metrics/processes/exit-words.js";
import { createSource } from "../../../src/metrics/processes/group-source.js";
import { createHubLog } from "../../../src/metrics/processes/hub-log.js";
import { createHubSources } from "../../../src/metrics/processes/hub-sources.js";
import { type Counts, fakeFleet, temporaryFolder } from "./fakes.js";

const told = (counts: Counts, isWhole = true) => ({ payload: serialize({ isWhole, counts }), isWhole });
const whole = (counts: Counts) => told(counts);
const change = (counts: Counts) => told(counts, false);
/** A source whose process is no more. */
const dead = () => createSource().replace(/^\d+/, "4194305");

function hub(folder: string, self = createSource()) {
  const fleet = fakeFleet();
  const log = createHubLog(folder);
  const faults: unknown[] = [];
  const report = (error: unknown): void => void faults.push(error);
  return { fleet, log, faults, self, ...createHubSources({ fleet, log, self, report, isAnew: false }) };
}

describe("what a hub knows", () => {
  it("is known by the next hub: the living, the dead and those long retired", async () => {
    const folder = temporaryFolder();
    const first = hub(folder);
    const [living, retired] = [createSource(), createSource()];
    await first.take(living, whole({ jobs: 1, old: 1 }));
    await first.take(living, change({ jobs: 2 }));
    await first.take(first.self, whole({ jobs: 10 }));
    await first.take(retired, whole({ jobs: 100 }));
    leaveWords(folder, retired, whole({ jobs: 101 }).payload);
    await first.depart(retired);
    const next = hub(folder);
    await next.inherit();
    expect(next.fleet.sums()).toEqual({ jobs: 113, old: 1 });
    expect(first.fleet.sums()).toEqual(next.fleet.sums());
    expect([...first.faults, ...next.faults]).toEqual([]);
    expect(next.absent()).toBe(2);
  });

  it("counts once what a source told when it connects to the next hub", async () => {
    const folder = temporaryFolder();
    const first = hub(folder);
    const source = createSource();
    await first.take(source, whole({ jobs: 5 }));
    const next = hub(folder);
    next.arrive(source);
    await next.inherit();
    expect(next.absent()).toBe(0);
    await next.take(source, whole({ jobs: 6 }));
    expect(next.fleet.sums()).toEqual({ jobs: 6 });
  });

  it("does not hold what the hub itself told before", async () => {
    const folder = temporaryFolder();
    const peer = createSource();
    await hub(folder).take(peer, whole({ jobs: 5 }));
    const next = hub(folder, peer);
    await next.inherit();
    expect(next.absent()).toBe(0);
    await next.take(peer, whole({ jobs: 6 }));
    expect(next.fleet.sums()).toEqual({ jobs: 6 });
  });

  it("survives a crash between burying a source and removing its file", async () => {
    const folder = temporaryFolder();
    const first = hub(folder);
    const source = dead();
    await first.take(source, whole({ jobs: 7 }));
    const file = join(folder, `${source}.log`);
    const bytes = readFileSync(file);
    await first.depart(source);
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, bytes);
    const next = hub(folder);
    await next.inherit();
    expect(next.fleet.sums()).toEqual({ jobs: 7 });
    expect(existsSync(file)).toBe(false);
  });
});

describe("a source", () => {
  it("that left its last words is not counted again by an answer that was under way", async () => {
    const folder = temporaryFolder();
    const one = hub(folder);
    const source = createSource();
    one.arrive(source);
    leaveWords(folder, source, whole({ jobs: 3 }).payload);
    await one.review();
    await one.take(source, whole({ jobs: 3 }));
    await one.depart(source);
    expect(one.fleet.sums()).toEqual({ jobs: 3 });
    expect(readdirSync(folder)).toEqual(["estate"]);
  });

  it("that never said who it is counts by its last words", async () => {
    const folder = temporaryFolder();
    const one = hub(folder);
    leaveWords(folder, createSource(), whole({ jobs: 3 }).payload);
    await one.review();
    expect(one.fleet.sums()).toEqual({ jobs: 3 });
  });

  it("stays while its process runs, and is retired when that is gone", async () => {
    const folder = temporaryFolder();
    const one = hub(folder);
    const [running, gone] = [createSource(), dead()];
    for (const source of [running, gone]) {
      await one.take(source, whole({ jobs: 1 }));
      await one.depart(source);
    }
    expect(one.absent()).toBe(1);
    expect(readdirSync(folder).sort()).toEqual([`${running}.log`, "estate"].sort());
  });

  it("whose answer means nothing is asked for everything, and changes before that are left out", async () => {
    const one = hub(temporaryFolder());
    const source = createSource();
    await one.take(source, whole({ jobs: 1 }));
    expect(one.wantsWhole(source)).toBe(false);
    await one.take(source, { payload: Buffer.from("garbage"), isWhole: false });
    expect(one.wantsWhole(source)).toBe(true);
    await one.take(source, change({ jobs: 9 }));
    expect(one.fleet.sums()).toEqual({ jobs: 1 });
    await one.take(source, whole({ jobs: 2 }));
    expect(one.fleet.sums()).toEqual({ jobs: 2 });
    expect(one.wantsWhole(source)).toBe(false);
  });

  it("is asked for everything when its file has grown, so that the file does not grow for ever", async () => {
    const folder = temporaryFolder();
    const one = hub(folder);
    const source = createSource();
    await one.take(source, whole({ jobs: 1 }));
    let asked = 0;
    const padding = "x".repeat(1000);
    for (let i = 0; i < 300; i++) {
      const isWhole = one.wantsWhole(source);
      if (isWhole) asked++;
      await one.take(source, told({ jobs: i, [padding]: i }, isWhole));
    }
    expect(asked).toBeGreaterThan(1);
    expect(readFileSync(join(folder, `${source}.log`)).length).toBeLessThan(80_000);
  });

  it("counts on when nothing can be written, which is told", async () => {
    const one = hub(join(temporaryFolder(), "missing"));
    const source = createSource();
    await one.take(source, whole({ jobs: 1 }));
    await one.take(source, whole({ jobs: 2 }));
    expect(one.fleet.sums()).toEqual({ jobs: 2 });
    expect(one.faults).toHaveLength(2);
    expect(one.wantsWhole(source)).toBe(true);
  });
});

it("takes nothing more once it stopped, so that another hub can read what there is", async () => {
  const folder = temporaryFolder();
  const one = hub(folder);
  const source = createSource();
  void one.take(source, whole({ jobs: 1 }));
  await one.stop();
  expect(readdirSync(folder)).toEqual([`${source}.log`]);
  await one.take(source, whole({ jobs: 2 }));
  expect(one.fleet.sums()).toEqual({ jobs: 1 });
});
