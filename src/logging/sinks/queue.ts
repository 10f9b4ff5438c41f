/** One line under way. */
export interface Entry {
  /** JSON without its newline. */
  readonly line: string;
  /** pino's number of the level. */
  readonly level: number;
  /** Unix time, milliseconds. */
  readonly timeMs: number;
  /** Trace flags of the work that wrote it. */
  readonly flags?: number | undefined;
}

/** Lines that wait to be sent. */
export interface Queue {
  /** False where the line found no room. */
  add(line: string, level?: number, flags?: number): boolean;
  hasAny(): boolean;
  /** True when there is enough for a whole batch. */
  hasBatch(): boolean;
  /** Takes the oldest lines, at most a batch; none when it is empty. */
  take(): Entry[];
}

const BATCH_CHARS = 512 * 1024;
const BATCH_LINES = 5000;
const MAX_CHARS = 8 * 1024 * 1024;
const INFO = 30;

/** Makes an empty queue of at most 8 M characters, handed out in batches of about 512 k characters or 5000 lines. */
export function createQueue(): Queue {
  let entries: Entry[] = [];
  let chars = 0;
  return {
    add(line, level = INFO, flags = undefined) {
      if (chars + line.length > MAX_CHARS) return false;
      chars += line.length;
      const text = line.endsWith("\n") ? line.slice(0, -1) : line;
      entries.push({ line: text, level, timeMs: Date.now(), flags });
      return true;
    },
    hasAny: () => entries.length > 0,
    hasBatch: () => chars >= BATCH_CHARS || entries.length >= BATCH_LINES,
    take() {
      let size = 0;
      let count = 0;
      while (count < entries.length && count < BATCH_LINES && size < BATCH_CHARS)
        size += (entries[count++] as Entry).line.length + 1;
      const batch = entries.slice(0, count);
      entries = entries.slice(count);
      chars = entries.length === 0 ? 0 : Math.max(0, chars - size);
      return batch;
    },
  };
}
