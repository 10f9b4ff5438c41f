import type { LevelWithSilent } from "pino";
import type { ClientAddress } from "./client-address.js";
import type { WriteIds } from "./formats/format.js";
import type { FormatName } from "./formats/index.js";
import type { LineCounts } from "./line-counts.js";
import type { ObservedLogger } from "./observed.js";
import type { SampleSettings } from "./sampler.js";
import type { LossHooks } from "./sinks/losses.js";
import type { SinkOptions } from "./sinks/options.js";
import type { LineTarget } from "./sinks/stream.js";

/** What the logging floor needs to know. */
export interface LoggingSettings {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
  /** Least severe level written; `silent` writes nothing. */
  readonly level: LevelWithSilent;
  /** Levels of components, which win over `level`. */
  readonly levels: Readonly<Record<string, LevelWithSilent>>;
  /** What a line looks like; `pretty` is for people: coloured on a terminal unless NO_COLOR is set. */
  readonly format: FormatName;
  /** Project that the `gcp` format says traces are in. */
  readonly gcpProject?: string;
  /** How much of clients' addresses the access line and events tell. */
  readonly clientAddress: ClientAddress;
  /** Path of a file to append to, or a stream. Default: standard output. */
  readonly destination?: string | LineTarget;
  /** All the places where lines go; wins over `destination`. */
  readonly sinks?: readonly SinkOptions[];
  /** How repetitive lines are thinned out; off without `first`. */
  readonly sample?: Partial<SampleSettings>;
  /** What the environment asks for in vain; told once. */
  readonly complaints?: readonly string[];
  /** Names whose values are hidden besides the built-in ones; case, `-`, `_` and `.` do not count. */
  readonly redact: readonly string[];
}

/** What the logger asks of the house. */
export interface LoggingHooks extends LossHooks {
  /** The ids of the work under way as `write`, the format's own, makes members of them; empty when there is none. */
  logChunk(write: WriteIds): string;
  /** Fields that every line of the work under way carries; the line's own win. The same object for the same work. */
  fields?(): Readonly<Record<string, unknown>> | undefined;
}

/** A logger and the handles of what it writes to. */
export interface Logging {
  readonly logger: ObservedLogger;
  /** Lines written so far, by component and by pino's number of the level in tens. */
  counts(): ReadonlyMap<string, LineCounts>;
  /** Hands on what is buffered. */
  flush(): void;
  /** Opens files anew, after a log rotation renamed them. */
  reopen(): void;
  /** Hands on what is buffered and closes what was opened; later lines still reach standard output or a stream. */
  close(): Promise<void>;
}
