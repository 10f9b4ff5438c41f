export { createLimiter, type Limiter } from "./limiter.js";
export { createLogger } from "./logger.js";
export { createRedactor, REDACTED, type Redactor, redactHeaders, redactUrl, redactValue } from "./redact.js";
export type { Logging, LoggingHooks, LoggingSettings, ObservedLogger } from "./settings.js";
export type { LineTarget } from "./stream-sink.js";
