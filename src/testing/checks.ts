import assert from "node:assert/strict";
import type { Collector } from "../collector.js";
import type { Observability } from "../index.js";
import { countAll, findUndeclared } from "./exposition.js";
import { hostileValues } from "./hostile-values.js";
import type { ContractSubject } from "./index.js";
import { eventually, lastingHandles, recordInSilence, recordOnce } from "./recording.js";
import { activeHandles, added, changed, listenerCounts, ownMethods, ownProperties } from "./snapshot.js";

/** What a check works with. */
export interface Contract {
  readonly collector: Collector;
  readonly subject: ContractSubject<object>;
  readonly obs: Observability;
  /** An observability beside the first. */
  readonly other: Observability;
  /** Attaches the collector to the subject and returns its detach. */
  attach(obs: Observability): () => void;
}

type Check = (contract: Contract) => void | Promise<void>;

/** The checks by what each claims. */
export const CHECKS: Readonly<Record<string, Check>> = {
  "matches() is true for its target"({ collector, subject }) {
    assert.equal(collector.matches(subject.target), true);
  },

  "matches() is false for anything else, and never throws"({ collector }) {
    for (const [name, value] of hostileValues()) assert.equal(collector.matches(value), false, name);
  },

  async "records what its target does, and nothing stays in flight"({ subject, obs, attach }) {
    attach(obs);
    await recordOnce(subject, obs);
  },

  async "attached twice it records once"({ subject, obs, other, attach }) {
    attach(other);
    assert.equal(attach(obs), attach(obs), "the second attach is another than the first");
    const recorded = await recordOnce(subject, obs);
    if (subject.isRead !== true) assert.equal(recorded, await countAll(other));
    attach(obs)();
    assert.equal(await recordInSilence(subject, obs), 0, "one detach left an attach behind");
  },

  async "records nothing once it is detached"({ subject, obs, attach }) {
    const detach = attach(obs);
    await recordOnce(subject, obs);
    detach();
    assert.equal(await recordInSilence(subject, obs), 0);
  },

  async "detached from one observability it records for another still"({ subject, obs, other, attach }) {
    const detach = attach(obs);
    attach(other);
    detach();
    await recordOnce(subject, other);
    assert.equal(await countAll(obs), 0);
  },

  async "leaves a target that works when the observability closes"({ subject, obs, attach }) {
    attach(obs);
    await obs.close();
    await subject.exercise();
  },

  "detach() may be called twice"({ obs, attach }) {
    const detach = attach(obs);
    detach();
    detach();
  },

  "detach() restores the own properties of its target"({ subject, obs, attach }) {
    const before = ownProperties(objectsOf(subject));
    attach(obs)();
    assert.deepEqual(changed(before, ownProperties(objectsOf(subject))), []);
  },

  async "detach() restores the own methods of a target that has worked"({ subject, obs, attach }) {
    if (subject.mustAttachFirst === true) return;
    // What a library makes of itself at its first work is its own affair.
    await subject.exercise();
    const before = ownMethods(objectsOf(subject));
    const detach = attach(obs);
    await recordOnce(subject, obs);
    detach();
    assert.deepEqual(changed(before, ownMethods(objectsOf(subject))), []);
  },

  "its target stays an instance of what it was"({ subject, obs, attach }) {
    const before = objectsOf(subject).map((object): unknown => Object.getPrototypeOf(object));
    attach(obs);
    const after = objectsOf(subject).map((object): unknown => Object.getPrototypeOf(object));
    assert.ok(before.every((prototype, i) => prototype === after[i]));
  },

  "detach() leaves as many listeners as before"({ subject, obs, attach }) {
    const before = listenerCounts(objectsOf(subject));
    attach(obs)();
    assert.deepEqual(changed(before, listenerCounts(objectsOf(subject))), []);
  },

  async "exports no family and no label that the catalog does not have"({ subject, obs, attach }) {
    attach(obs);
    await recordOnce(subject, obs);
    assert.deepEqual(await findUndeclared(obs), []);
  },

  "declares the families that it lists"({ collector, obs, attach }) {
    attach(obs);
    const known = new Set(obs.catalog.map(({ name }) => name));
    const listed = collector.families ?? [];
    assert.deepEqual(
      listed.filter(({ name }) => !known.has(name)),
      [],
    );
  },

  async "leaves no handle behind when the observability closes"({ obs, other, attach }) {
    await other.close();
    const before = await lastingHandles();
    attach(obs);
    await obs.close();
    const left = async (): Promise<string[]> => added(before, await activeHandles());
    await eventually(
      async () => (await left()).length === 0,
      async () => `still open: ${await left()}`,
    );
  },
};

function objectsOf({ target, touched = [] }: ContractSubject<object>): object[] {
  return [target, ...touched];
}
