import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { Observability } from "../index.js";
import { countAll, countInFlight } from "./exposition.js";
import { activeHandles, lesser, type Snapshot } from "./snapshot.js";

/** Something that can be made to work. */
interface Worker {
  exercise(): unknown;
}

const PATIENCE_MS = 2000;
const STEP_MS = 10;
// Nothing can be waited for where nothing is to happen; the slowest collector takes a turn or two of the event loop.
const SILENCE_MS = 50;
// Test runners keep timers of their own, such as those that gather what they report.
const PASSING_MS = 300;

/** Exercises once, waits until it was counted and nothing is in flight, and returns by how much the count grew. */
export async function recordOnce(subject: Worker, obs: Observability): Promise<number> {
  const before = await countAll(obs);
  await subject.exercise();
  await eventually(
    async () => (await countAll(obs)) > before,
    () => "exercise() was not counted",
  );
  await eventually(
    async () => (await countInFlight(obs)) === 0,
    () => "something stays in flight",
  );
  return (await countAll(obs)) - before;
}

/** Exercises once where nothing is to be counted, and returns by how much the count grew all the same. */
export async function recordInSilence(subject: Worker, obs: Observability): Promise<number> {
  const before = await countAll(obs);
  await subject.exercise();
  await wait(SILENCE_MS);
  return (await countAll(obs)) - before;
}

/** Waits until something holds; fails with the complaint when it does not within two seconds. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  complaint: () => string | Promise<string>,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += STEP_MS) {
    if (await holds()) return;
    await wait(STEP_MS);
  }
  assert.fail(await complaint());
}

/** What keeps the process alive when nothing passing does: the least of what is seen for a while. */
export async function lastingHandles(): Promise<Snapshot> {
  let least = await activeHandles();
  for (let waitedMs = 0; waitedMs < PASSING_MS; waitedMs += STEP_MS) {
    await wait(STEP_MS);
    least = lesser(least, await activeHandles());
  }
  return least;
}
