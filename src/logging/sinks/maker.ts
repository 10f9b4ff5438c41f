import { ObservabilityError } from "../../errors.js";
import type { LineFormat } from "../formats/format.js";
import type { LossReport } from "./losses.js";
import type { Sink } from "./sink.js";

/** A test of one member of a sink's options, with what it expects in words. */
export interface MemberRule {
  readonly expected: string;
  accepts(value: unknown): boolean;
  readonly isRequired?: boolean;
}

/** What a sink is opened with. */
export interface SinkParts {
  /** Path of the options, for complaints: `logging.sinks[1]`. */
  readonly where: string;
  readonly lose: LossReport;
  /** Runs work outside of any request's context, neither counted nor traced as the service's own. */
  apart<T>(work: () => T): T;
  readonly sender: SinkSender;
  /** Trace flags of the work that writes a line; undefined where nothing is traced. */
  traceFlags?: (() => number | undefined) | undefined;
  /** What the members of a line are called. */
  readonly keys: LineFormat;
}

/** Who speaks. */
export interface SinkSender {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
}

/** A kind of sink: its word, what its options may be, how it is opened. */
export interface SinkMaker {
  /** The word in `to`. */
  readonly to: string;
  /** Members of its options beside `to`, `name` and `level`. */
  readonly keys: Readonly<Record<string, MemberRule>>;
  /** The member that the text after the colon sets in TELLTALE_LOG_SINKS: `file:/var/log/app.log`. */
  readonly main?: string;
  /** Opens it; throws TELLTALE_OPTION when that cannot be. The options were checked before. */
  open(options: never, parts: SinkParts): Sink;
}

/** The one shape of a complaint about a sink. */
export function refuse(where: string, found: unknown, expected: string): ObservabilityError {
  const shown = typeof found === "string" ? JSON.stringify(found) : describe(found);
  return new ObservabilityError("TELLTALE_OPTION", `${where}: found ${shown}, expected ${expected}`);
}

function describe(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === undefined) return String(value);
  return value === null ? "null" : Array.isArray(value) ? "an array" : `${typeof value}`;
}
