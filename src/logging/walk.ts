/** One copy under way: what turns values into plain data, within what is left to spend. */
export interface Walk {
  /** Plain, bounded, redacted data that `JSON.stringify` takes without a fault. */
  value(value: unknown): unknown;
  /** The same for a named member: its name decides whether it may be seen. */
  field(name: string, value: unknown): unknown;
  /** The same for all own enumerable members of an object. */
  entries(source: object): Record<string, unknown>;
  /** Copies a text through `redact`, cut at what is left. */
  text(text: string, redact: (text: string) => string): string;
}

/** Reads a property of a foreign object; a getter that throws reads as `[throws]`. */
export function read(source: object, name: string): unknown {
  try {
    return (source as Record<string, unknown>)[name];
  } catch {
    return "[throws]";
  }
}
