import type { Rows } from "../columns/rows.js";
import type { Aggregator } from "../families/definition.js";
import type { Joining, RowOfSource } from "./fleet-joining.js";
import type { SourceRows } from "./fleet-source.js";

type Join = (before: number, value: number) => number;

const JOINS: Readonly<Record<Exclude<Aggregator, "omit">, Join>> = {
  sum: (before, value) => before + value,
  average: (before, value) => before + value,
  first: (before) => before,
  min: Math.min,
  max: Math.max,
};

/**
 * Joins what cannot be summed by differences: gauges, and families with another aggregator than `sum`. Made anew from
 * what every source told when it is read.
 */
export function createLevels(rows: Rows): Joining {
  const { columns, definition } = rows;
  const cells = columns.width;
  const join = JOINS[definition.aggregator as Exclude<Aggregator, "omit">] ?? JOINS.sum;
  let isCurrent = true;

  function add(counts: Int32Array, { source, row, target }: RowOfSource): void {
    const block = columns.blockOf(target);
    const into = columns.offsetOf(target);
    const told = source.toldOf(row);
    const isFirst = counts[target] === 0;
    for (let i = 0; i < cells; i++) {
      const value = told[i] as number;
      block[into + i] = isFirst ? value : join(block[into + i] as number, value);
    }
    counts[target] = (counts[target] as number) + 1;
  }

  function divide(counts: Int32Array): void {
    for (let target = 0; target < counts.length; target++) {
      const count = counts[target] as number;
      if (count < 2) continue;
      const block = columns.blockOf(target);
      const into = columns.offsetOf(target);
      for (let i = into; i < into + cells; i++) block[i] = (block[i] as number) / count;
    }
  }

  function settle(sources: Iterable<SourceRows>): void {
    if (isCurrent) return;
    isCurrent = true;
    const counts = new Int32Array(columns.rows);
    for (const source of sources) {
      source.targets.forEach((target, row) => {
        if (target >= 0) add(counts, { source, row, target });
      });
    }
    if (definition.aggregator === "average") divide(counts);
  }

  function change(): void {
    isCurrent = false;
  }

  return {
    settle,
    leave: change,
    drop: change,
    take({ source, row }, told, at) {
      change();
      source.toldOf(row).set(told.subarray(at, at + source.width));
    },
    stays: false,
  };
}
