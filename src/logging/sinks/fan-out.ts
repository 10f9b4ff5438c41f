import type { Sink } from "./sink.js";

/** A sink and the least severe level that it gets, as pino's number. */
export interface Branch {
  readonly sink: Sink;
  readonly minLevel: number;
}

const METADATA: unique symbol = Symbol.for("pino.metadata") as never;

/** Several sinks as one. pino leaves the level of each line here before it hands it over. */
export interface FanOut extends Sink {
  readonly [METADATA]: true;
  lastLevel: number;
}

/** Joins sinks; each gets the lines of its level and above. */
export function createFanOut(branches: readonly Branch[]): FanOut {
  const all = branches.map(({ sink }) => sink);
  return {
    [METADATA]: true,
    lastLevel: 0,
    isTty: all.some(({ isTty }) => isTty),
    write(line) {
      const level = this.lastLevel;
      for (const { sink, minLevel } of branches) if (level >= minLevel) sink.write(line, level);
    },
    flushSync() {
      for (const sink of all) sink.flushSync();
    },
    reopen() {
      for (const sink of all) sink.reopen();
    },
    close: () => Promise.all(all.map((sink) => sink.close())).then(() => undefined),
  };
}
