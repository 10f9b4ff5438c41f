// The ESM face of the one CommonJS build: named here, because Node cannot always see names through a re-export.

export type * from "./index.js";
export {
  createObservability,
  isObservabilityError,
  ObservabilityError,
  redactHeaders,
  redactUrl,
  redactValue,
} from "./index.js";
