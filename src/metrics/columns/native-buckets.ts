const FIRST_SLOTS = 16;

/**
 * Counts by bucket number, only those that are not 0: open addressing over one array of number and count side by side.
 * Buckets may lie as far apart as they like. Most are neighbours: the number itself is the best hash, for then each has
 * a slot of its own.
 */
export class NativeBuckets {
  #cells = new Float64Array(FIRST_SLOTS * 2);
  #populated = 0;

  /** Buckets with a count. */
  get populated(): number {
    return this.#populated;
  }

  /** All counts together. */
  get total(): number {
    let total = 0;
    for (let at = 1; at < this.#cells.length; at += 2) total += this.#cells[at] as number;
    return total;
  }

  /** Adds `count`, which is above 0, to a bucket; true when it had none before. */
  add(bucket: number, count: number): boolean {
    const cells = this.#cells;
    let at = (bucket << 1) & (cells.length - 1);
    for (;;) {
      const found = cells[at + 1] as number;
      if (found === 0) {
        this.#admit(at, bucket, count);
        return true;
      }
      if (cells[at] === bucket) {
        cells[at + 1] = found + count;
        return false;
      }
      at = (at + 2) & (cells.length - 1);
    }
  }

  /** The buckets in ascending order, each as number and count. */
  entries(): [bucket: number, count: number][] {
    const entries: [number, number][] = [];
    for (let at = 0; at < this.#cells.length; at += 2) {
      const count = this.#cells[at + 1] as number;
      if (count !== 0) entries.push([this.#cells[at] as number, count]);
    }
    return entries.sort(([a], [b]) => a - b);
  }

  /** Joins each two neighbours, 2k-1 and 2k, in bucket k: half the resolution. */
  halve(): void {
    const cells = this.#cells;
    this.#resize(cells.length);
    for (let at = 0; at < cells.length; at += 2) {
      const count = cells[at + 1] as number;
      if (count !== 0) this.add(((cells[at] as number) + 1) >> 1, count);
    }
  }

  #admit(at: number, bucket: number, count: number): void {
    this.#cells[at] = bucket;
    this.#cells[at + 1] = count;
    this.#populated++;
    // At most two thirds full, so that a look-up meets an empty slot soon.
    if (this.#populated * 3 > this.#cells.length) this.#grow();
  }

  #grow(): void {
    const cells = this.#cells;
    this.#resize(cells.length * 2);
    for (let at = 0; at < cells.length; at += 2) {
      const count = cells[at + 1] as number;
      if (count !== 0) this.add(cells[at] as number, count);
    }
  }

  #resize(length: number): void {
    this.#cells = new Float64Array(length);
    this.#populated = 0;
  }
}
