import type { NativeDefinition } from "../families/definition.js";
import { NativeBuckets } from "./native-buckets.js";
import { type NativeSide, spansOf } from "./native-spans.js";

const MIN_SCHEMA = -4;

/** The exponential buckets of one series. */
export class NativeSeries {
  /** Values that are taken for 0. */
  zeros = 0;
  readonly #definition: NativeDefinition;
  readonly #positive: NativeBuckets = new NativeBuckets();
  #negative: NativeBuckets | undefined;
  #schema: number;
  /** How often the bucket numbers that come are halved. */
  #shift: number;

  constructor(definition: NativeDefinition) {
    this.#definition = definition;
    this.#schema = definition.schema;
    this.#shift = Math.max(0, -definition.schema);
  }

  /** Resolution now: a doubling has 2^schema buckets. */
  get schema(): number {
    return this.#schema;
  }

  get positive(): NativeSide {
    return spansOf(this.#positive.entries());
  }

  get negative(): NativeSide {
    return spansOf(this.#negative?.entries() ?? []);
  }

  /** Counts a value by its bucket at the first schema, or at schema 0 where that is below. */
  record(isNegative: boolean, bucket: number): void {
    const side = isNegative ? (this.#negative ??= new NativeBuckets()) : this.#positive;
    // Rounded up: bucket k takes in 2k-1 and 2k.
    if (side.add((bucket + (1 << this.#shift) - 1) >> this.#shift, 1)) this.#limit();
  }

  #limit(): void {
    while (this.#populated() > this.#definition.maxBuckets && this.#schema > MIN_SCHEMA) {
      this.#positive.halve();
      this.#negative?.halve();
      this.#schema--;
      this.#shift++;
    }
  }

  #populated(): number {
    return this.#positive.populated + (this.#negative?.populated ?? 0);
  }
}
