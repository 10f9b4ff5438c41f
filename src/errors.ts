/** Every code an {@link ObservabilityError} can carry. */
export type ErrorCode =
  | "TELLTALE_OPTION"
  | "TELLTALE_FAMILY"
  | "TELLTALE_LABEL"
  | "TELLTALE_TARGET"
  | "TELLTALE_LISTEN";

const BRAND = Symbol.for("telltale.error");

/**
 * Thrown at the edge only: by `createObservability()`, by declaring a metric, by `instrument()`.
 * Match on `code`, or with {@link isObservabilityError} where two copies of the package may be loaded.
 */
export class ObservabilityError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = "ObservabilityError";
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for an {@link ObservabilityError} of this or any other copy of the package. */
export function isObservabilityError(value: unknown): value is ObservabilityError {
  return typeof value === "object" && value !== null && Reflect.get(value, BRAND) === true;
}
