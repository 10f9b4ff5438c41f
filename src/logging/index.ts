export type { FormatName } from "./formats/index.js";
export type { LevelOptions, LevelState } from "./levels.js";
export { createLogger } from "./logger.js";
export type { ObservedLogger, SetLevel } from "./observed.js";
export { redactHeaders, redactUrl, redactValue } from "./redact.js";
export type { Logging, LoggingSettings } from "./settings.js";
export type { LossHooks } from "./sinks/losses.js";
export type { SinkOptions } from "./sinks/options.js";
