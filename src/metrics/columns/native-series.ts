import type { NativeDefinition } from "../families/definition.js";
import { NativeBuckets } from "./native-buckets.js";
import { type NativeSide, spansOf } from "./native-spans.js";
import { coarser, type NativeState } from "./native-state.js";

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

  /** Values in all buckets. */
  get population(): number {
    return this.zeros + this.#positive.total + (this.#negative?.total ?? 0);
  }

  /** As plain data. */
  get state(): NativeState {
    const negative = this.#negative?.entries() ?? [];
    return { schema: this.#schema, zeros: this.zeros, positive: this.#positive.entries(), negative };
  }

  /** Adds what another series counted. */
  add({ schema, zeros, positive, negative }: NativeState): void {
    while (this.#schema > schema) this.#halve();
    const steps = schema - this.#schema;
    this.zeros += zeros;
    for (const [bucket, count] of positive) this.#positive.add(coarser(bucket, steps), count);
    for (const [bucket, count] of negative)
      (this.#negative ??= new NativeBuckets()).add(coarser(bucket, steps), count);
    this.#limit();
  }

  /** Counts a value by its bucket at the first schema, or at schema 0 where that is below. */
  record(isNegative: boolean, bucket: number): void {
    const side = isNegative ? (this.#negative ??= new NativeBuckets()) : this.#positive;
    if (side.add(coarser(bucket, this.#shift), 1)) this.#limit();
  }

  #limit(): void {
    while (this.#populated() > this.#definition.maxBuckets && this.#schema > MIN_SCHEMA) {
      this.#halve();
    }
  }

  #halve(): void {
    this.#positive.halve();
    this.#negative?.halve();
    this.#schema--;
    this.#shift++;
  }

  #populated(): number {
    return this.#positive.populated + (this.#negative?.populated ?? 0);
  }
}
