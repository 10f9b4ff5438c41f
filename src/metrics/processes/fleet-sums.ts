import type { Rows } from "../columns/rows.js";
import type { Joining, RowOfSource } from "./fleet-joining.js";

/** The sums of counters or histograms. */
export interface Sums extends Joining {
  /** The rows that hold something of sources or series which are gone. */
  readonly retiredRows: ReadonlySet<number>;
  /** What these left, a row after the other. */
  retiredCells(): Float64Array;
}

/**
 * Sums a family. Of each row the difference to what was told before is added, and never anything subtracted: a number
 * shown goes up only, not even rounding takes it down, which Prometheus would take for a restart.
 */
export function createSums(rows: Rows): Sums {
  const { columns } = rows;
  const { width } = columns;
  // The sum of a histogram's observations may go down by itself; how many they are may not.
  const counts = rows.definition.type === "histogram" ? width - 1 : width;
  const retiredRows = new Set<number>();
  let retired = new Float64Array(0);

  /** Moves what a row has counted to those that are gone; the fleet's numbers stay. */
  function keep({ source, row, target }: RowOfSource): void {
    if (retired.length < columns.rows * width) retired = grown(retired, columns.rows * width * 2);
    const told = source.toldOf(row);
    const base = source.base.get(row);
    const start = target * width;
    for (let i = 0; i < width; i++)
      retired[start + i] = (retired[start + i] as number) + (told[i] as number) - (base?.[i] ?? 0);
    told.fill(0);
    source.base.delete(row);
    retiredRows.add(target);
  }

  function take(of: RowOfSource, cells: Float64Array, at: number): void {
    const { told } = of.source;
    const start = of.row * width;
    // Counts that went down were begun anew; what they were before stays.
    for (let i = 0; i < counts; i++) {
      if ((cells[at + i] as number) >= (told[start + i] as number)) continue;
      keep(of);
      break;
    }
    const block = columns.blockOf(of.target);
    const into = columns.offsetOf(of.target);
    for (let i = 0; i < width; i++) {
      const value = cells[at + i] as number;
      block[into + i] = (block[into + i] as number) + (value - (told[start + i] as number));
      told[start + i] = value;
    }
  }

  return {
    retiredRows,
    retiredCells: () => retired.slice(0, columns.rows * width),
    take,
    leave: keep,
    stays: true,
    drop(target) {
      if (retiredRows.delete(target)) retired.fill(0, target * width, (target + 1) * width);
    },
    settle: () => undefined,
  };
}

function grown(numbers: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(numbers);
  return longer;
}
