export { createLogger } from "./logger.js";
export { redactHeaders, redactUrl, redactValue } from "./redact.js";
export type { Logging, LoggingSettings, ObservedLogger } from "./settings.js";
