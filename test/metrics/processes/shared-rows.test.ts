import { describe, expect, it } from "vitest";
import { createCounter } from "../../../src/metrics/families/counter.js";
import { define } from "../../../src/metrics/families/define.js";
import { createMisuse } from "../../../src/metrics/families/misuse.js";
import { createSharedRows } from "../../../src/metrics/processes/shared-rows.js";
import type { FromThread } from "../../../src/metrics/processes/threads-messages.js";
import { createThreadMirror } from "../../../src/metrics/processes/threads-mirror.js";
import type { Counter } from "../../../src/metrics/types.js";

const SENDER = { from: "one", thread: 1 };

/** A shared counter, what was said of it, a mirror that has heard nothing yet, and a clock moved by hand. */
function share(ttlMs = 0) {
  const said: FromThread[] = [];
  const clock = { nowMs: 0 };
  const rows = createSharedRows(SENDER, (message) => said.push(message));
  const settings = { prefix: "", labels: {}, maxSeriesPerFamily: 2000, ttlMs };
  const options = { name: "c_total", help: "h", labelNames: ["a"] };
  const { face } = createCounter({
    definition: define("counter", options, settings),
    misuse: createMisuse("c_total", () => undefined),
    now: () => clock.nowMs,
    collect: async () => undefined,
    share: rows.share,
  });
  const mirror = createThreadMirror(SENDER);
  const hear = (messages = said.splice(0)): void => {
    for (const message of messages) mirror.hear(message);
  };
  return { counter: face as unknown as Counter<"a">, said, clock, rows, mirror, hear };
}

describe("shared rows", () => {
  it("are read as they are now, of all that has happened since", () => {
    const { counter, mirror, hear } = share();
    counter.inc({ a: "x" }, 3);
    hear();
    expect(mirror.next()).toMatchObject({
      isWhole: true,
      families: [{ definition: { name: "c_total" }, gone: [], born: [[0, true, "x"]] }],
    });
    counter.inc({ a: "x" }, 4);
    const { isWhole, families } = mirror.next();
    expect([isWhole, families[0]?.born, families[0]?.blocks[0]?.cells[0]]).toEqual([false, [], 7]);
  });

  it("are told only once their labels are known, and never under those of the row's last tenant", () => {
    const { counter, mirror, hear, said } = share();
    counter.inc({ a: "old" });
    hear();
    mirror.next();
    counter.remove("old");
    counter.inc({ a: "young" });
    const held = said.splice(0);
    expect(mirror.next().families[0]).toMatchObject({ gone: [0], born: [] });
    expect(mirror.next().families[0]).toMatchObject({ gone: [], born: [] });
    hear(held);
    expect(mirror.next().families[0]).toMatchObject({ gone: [], born: [[0, true, "young"]] });
  });

  it("are said again in whole for another listener, which is nothing new to the first", () => {
    const { counter, mirror, hear, rows, said } = share();
    for (const a of ["x", "y"]) counter.inc({ a });
    counter.remove("x");
    hear();
    mirror.next();
    rows.sayAll();
    const stranger = createThreadMirror(SENDER);
    for (const message of said) stranger.hear(message);
    hear();
    expect(mirror.next().families[0]).toMatchObject({ gone: [], born: [] });
    expect(stranger.next().families[0]).toMatchObject({ gone: [], born: [[1, true, "y"]] });
  });

  it("say their definition once, each block once and each row once", () => {
    const { counter, said } = share();
    for (let i = 0; i < 600; i++) counter.inc({ a: i });
    for (let i = 0; i < 600; i++) counter.inc({ a: i });
    const times = (kind: string): number => said.filter((message) => message.kind === kind).length;
    expect([times("family"), times("block"), times("rows")]).toEqual([1, 2, 600]);
  });

  it("expire in their own thread when the main thread asks", () => {
    const { counter, mirror, hear, rows, clock } = share(1000);
    counter.inc({ a: "x" });
    rows.expire();
    hear();
    mirror.next();
    clock.nowMs = 1001;
    rows.expire();
    expect(mirror.next().families[0]).toMatchObject({ gone: [0] });
  });
});
