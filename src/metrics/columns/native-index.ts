import { boundsOfDoubling } from "./native-bounds.js";

// The words of a Float64: one holds sign, exponent and the upper 20 bits of the mantissa, the other the 32 lower ones.
const HIGH_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW_WORD = 1 - HIGH_WORD;
const MANTISSA_BITS = 20;
const MANTISSA = (1 << MANTISSA_BITS) - 1;
const EXPONENT_BIAS = 1023;
const SIGN_BIT = 31;

/**
 * Finds the exponential bucket of a value: the exponent is the doubling, the leading bits of the mantissa pick the first
 * bucket in it that can hold the value, and at most one step follows. Exact at every bound.
 */
export class NativeIndex {
  readonly #buckets: number;
  readonly #cellShift: number;
  readonly #first: Uint16Array;
  /** The mantissas of the bounds, in two words; one more than can be reached stands for 2. */
  readonly #highs: Int32Array;
  readonly #lows: Uint32Array;
  readonly #number: Float64Array = new Float64Array(1);
  readonly #words: Uint32Array = new Uint32Array(this.#number.buffer);

  /** Takes the schema, from 0 to 8: a doubling has 2^schema buckets. */
  constructor(schema: number) {
    this.#buckets = 2 ** schema;
    const bounds = boundsOfDoubling(this.#buckets);
    // Half as wide as the narrowest bucket at most, so that no cell holds two bounds.
    const cells = this.#buckets * 2;
    this.#cellShift = MANTISSA_BITS - (schema + 1);
    this.#first = Uint16Array.from({ length: cells }, (_, cell) =>
      bounds.findIndex((bound) => bound >= 1 + cell / cells),
    );
    this.#highs = Int32Array.from(bounds, (bound) =>
      bound === 2 ? MANTISSA + 1 : this.#wordOf(bound, HIGH_WORD) & MANTISSA,
    );
    this.#lows = Uint32Array.from(bounds, (bound) => this.#wordOf(bound, LOW_WORD));
  }

  /** The bucket k with 2^((k-1)/n) < value <= 2^(k/n), where n = 2^schema. Takes a normal number above 0. */
  find(value: number): number {
    const high = this.#wordOf(value, HIGH_WORD);
    const mantissa = high & MANTISSA;
    const bucket = this.#first[mantissa >> this.#cellShift] as number;
    const distance = (this.#highs[bucket] as number) - mantissa;
    // Without a branch, which nobody could predict: 1 where the value lies above the bound.
    const step = distance === 0 ? this.#isAbove(bucket) : distance >>> SIGN_BIT;
    return ((high >>> MANTISSA_BITS) - EXPONENT_BIAS) * this.#buckets + bucket + step;
  }

  #wordOf(value: number, word: number): number {
    this.#number[0] = value;
    return this.#words[word] as number;
  }

  #isAbove(bucket: number): number {
    return (this.#words[LOW_WORD] as number) > (this.#lows[bucket] as number) ? 1 : 0;
  }
}
