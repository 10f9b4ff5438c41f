import type { Logger } from "pino";

/** What every line of a logger carries: cleaned, and given to the line as fields so that no name stands in it twice. */
export type Bound = Readonly<Record<string, unknown>>;

const BOUND: unique symbol = Symbol("telltale.bound");

/** What a serializer of the host's made of a bound value: it is not given to the serializer again. */
export class Serialized {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  toJSON(): unknown {
    return this.value;
  }
}

/** What `logger` and those it descends from are bound to; undefined for nothing. */
export function boundOf(logger: Logger): Bound | undefined {
  return BOUND in logger ? (logger[BOUND] as Bound) : undefined;
}

/** Binds further fields to `logger`; they win over those it has. */
export function bind(logger: Logger, fields: Bound): void {
  const value: Bound = { ...boundOf(logger), ...fields };
  Object.defineProperty(logger, BOUND, { value, configurable: true });
}
