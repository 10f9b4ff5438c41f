import { isObservabilityError } from "../../../src/errors.js";

/** Code and message of the ObservabilityError that is thrown; anything else that is thrown fails the test. */
export function complaintOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isObservabilityError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return "no complaint";
}
