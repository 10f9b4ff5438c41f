/** Where rendered lines go. No member ever throws. */
export interface Sink {
  /** True when a person watches: colour makes sense and nothing waits in a buffer. */
  readonly isTty: boolean;
  /** Takes one line with its newline. */
  write(line: string): void;
  /** Hands on what is buffered; pino calls it after a fatal line. */
  flushSync(): void;
  /** Opens the file anew, after it was renamed. */
  reopen(): void;
  /** Hands on everything and lets go of what was opened. */
  close(): Promise<void>;
}
