/** Ids of the work under way; a text is empty and the flags 0 where there is nothing to tell. */
export interface LineIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly requestId: string;
}

/** Writes ids as JSON members, each with a comma before it. Always the same function, for what it wrote is kept. */
export type WriteIds = (ids: LineIds) => string;

/** What was logged: a plain, bounded, redacted copy. */
export type Fields = Record<string, unknown>;

/** What a line looks like. Every file beside this one makes one. */
export interface LineFormat {
  /** Members that tell the level. */
  level(label: string): Readonly<Record<string, unknown>>;
  readonly timeKey: string;
  readonly messageKey: string;
  /** True when every line has a message, be it empty. */
  readonly alwaysMessage: boolean;
  /** The key that holds all fields; without one they stand beside the rest. */
  readonly nestedKey?: string;
  /** Members that every line has after its time: service, version, environment. */
  readonly base: Readonly<Record<string, unknown>>;
  readonly componentKey: string;
  /** What stands for the component where a logger has none. Default: nothing. */
  readonly noComponent?: string;
  readonly writeIds: WriteIds;
  /** Gives fields the format's own names, and another to what would stand in a line twice. `level` is pino's number. */
  arrange(fields: Fields, level: number, hasComponent: boolean): Fields;
  /** Makes people's text of a rendered line. Default: the line as it is. */
  readonly present?: (colour: boolean) => (json: string) => string;
}

/** What a format is made for. */
export interface FormatParts {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
  /** Google Cloud project that traces are in. */
  readonly gcpProject?: string | undefined;
  /** True when the line to come carries ids. */
  hasIds(): boolean;
}

/** Service, version and environment under the names given. */
export function whoAs(
  { service, version, environment }: FormatParts,
  [serviceKey, versionKey, environmentKey]: readonly [string, string, string],
): Record<string, string> {
  return {
    [serviceKey]: service,
    ...(version === undefined ? {} : { [versionKey]: version }),
    ...(environment === undefined ? {} : { [environmentKey]: environment }),
  };
}
