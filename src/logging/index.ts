export { createLogger } from "./logger.js";
export type { ObservedLogger } from "./observed.js";
export { redactHeaders, redactUrl, redactValue } from "./redact.js";
export type { Logging, LoggingSettings } from "./settings.js";
