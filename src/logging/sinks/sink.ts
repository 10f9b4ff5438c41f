/** Where rendered lines go. No member ever throws. */
export interface Sink {
  /** True when a person watches: colour makes sense and nothing waits in a buffer. */
  readonly isTty: boolean;
  /** True when it reads lines back: it is given JSON even where people get `pretty`. */
  readonly readsJson?: boolean;
  /** Takes one line with its newline, and pino's number of its level where several sinks share the lines. */
  write(line: string, level?: number): void;
  /** Hands on what is buffered; pino calls it after a fatal line. */
  flushSync(): void;
  /** Opens the file anew, after it was renamed. */
  reopen(): void;
  /** Hands on everything, within bounds, and lets go of what was opened. */
  close(): Promise<void>;
}
