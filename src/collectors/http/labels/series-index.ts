interface Node<T> {
  readonly next: Map<string, Node<T>>;
  leaf: T | undefined;
}

const MAX_ENTRIES = 10_000;

/**
 * Finds what belongs to a tuple of label values: a map within a map for each label, because joining the values into
 * one key costs about ten times the look-up. Beyond `maxEntries` (default 10,000) nothing more is remembered: what is
 * asked for is made anew each time.
 */
export class SeriesIndex<T> {
  readonly #root: Node<T> = { next: new Map(), leaf: undefined };
  readonly #make: (values: readonly string[]) => T;
  #left: number;

  constructor(make: (values: readonly string[]) => T, maxEntries: number = MAX_ENTRIES) {
    this.#make = make;
    this.#left = maxEntries;
  }

  get(values: readonly string[]): T {
    let node = this.#root;
    for (let i = 0; i < values.length; i++) {
      const next = node.next.get(values[i] as string);
      if (next === undefined) return this.#add(values);
      node = next;
    }
    node.leaf ??= this.#make(values);
    return node.leaf;
  }

  #add(values: readonly string[]): T {
    const leaf = this.#make(values);
    if (this.#left-- <= 0) return leaf;
    let node = this.#root;
    for (const value of values) {
      const next = node.next.get(value) ?? { next: new Map(), leaf: undefined };
      node.next.set(value, next);
      node = next;
    }
    node.leaf = leaf;
    return leaf;
  }
}
