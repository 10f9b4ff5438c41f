import type { LevelWithSilent, Logger } from "pino";
import type { WriteIds } from "./formats/format.js";
import type { LineTarget } from "./sinks/stream.js";

/** What the logging floor needs to know. */
export interface LoggingSettings {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
  /** Least severe level written; `silent` writes nothing. */
  readonly level: LevelWithSilent;
  /** `json`: one object a line. `pretty`: for people; coloured on a terminal unless NO_COLOR is set. */
  readonly format: "json" | "pretty";
  /** Path of a file to append to, or a stream. Default: standard output. */
  readonly destination?: string | LineTarget;
  /** Names whose values are hidden besides the built-in ones; case, `-`, `_` and `.` do not count. */
  readonly redact: readonly string[];
}

/** What the logger asks of the house. */
export interface LoggingHooks {
  /** The ids of the work under way as `write`, the format's own, makes members of them; empty when there is none. */
  logChunk(write: WriteIds): string;
  /** Fields that every line of the work under way carries; the line's own win. The same object for the same work. */
  fields?(): Readonly<Record<string, unknown>> | undefined;
  /** Told at most once a minute that lines were lost, or that a call could not be rendered. */
  note(part: string, error: unknown): void;
}

/** A pino logger with children by component. */
export type ObservedLogger = Logger & {
  /** The child whose lines carry `component: name`; the same one for the same name. */
  component(name: string): Logger;
};

/** A logger and the handles of what it writes to. */
export interface Logging {
  readonly logger: ObservedLogger;
  /** Hands on what is buffered. */
  flush(): void;
  /** Opens the file destination anew, after a log rotation renamed it. */
  reopen(): void;
  /** Hands on what is buffered and closes what was opened; later lines still reach standard output or a stream. */
  close(): Promise<void>;
}
