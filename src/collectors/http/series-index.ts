interface Node<T> {
  readonly next: Map<string, Node<T>>;
  leaf: T | undefined;
}

/**
 * Finds what belongs to a tuple of label values: a map within a map for each label, because joining the values into
 * one key costs about ten times the look-up. The values must be bounded by the caller.
 */
export class SeriesIndex<T> {
  readonly #root: Node<T> = { next: new Map(), leaf: undefined };
  readonly #make: (values: readonly string[]) => T;

  constructor(make: (values: readonly string[]) => T) {
    this.#make = make;
  }

  get(values: readonly string[]): T {
    let node = this.#root;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as string;
      let next = node.next.get(value);
      if (next === undefined) node.next.set(value, (next = { next: new Map(), leaf: undefined }));
      node = next;
    }
    node.leaf ??= this.#make(values);
    return node.leaf;
  }
}
