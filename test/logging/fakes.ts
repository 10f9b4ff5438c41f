import type { LineIds } from "../../src/logging/formats/format.js";
import { createLogger, type Logging, type LoggingSettings, type LossHooks } from "../../src/logging/index.js";

export interface FakeHouse extends Logging {
  /** Lines as written. */
  lines: string[];
  notes: Error[];
  /** What `logChunk` answers; ids that the format writes itself; fields of the work under way. */
  ids: { chunk: string; current?: LineIds; fields?: Record<string, unknown> };
  /** The last line, parsed. */
  last(): Record<string, unknown>;
}

/** A logger that writes to an array. */
export function createHouse(
  settings: Partial<LoggingSettings> = {},
  hooks: Partial<LossHooks> = {},
): FakeHouse {
  const lines: string[] = [];
  const notes: Error[] = [];
  const ids: FakeHouse["ids"] = { chunk: "" };
  const logging = createLogger(
    {
      service: "chat",
      level: "trace",
      levels: {},
      clientAddress: "masked",
      format: "json",
      redact: [],
      destination: { write: (line) => lines.push(line) },
      ...settings,
    },
    {
      logChunk: (write) => (ids.current === undefined ? ids.chunk : write(ids.current)),
      fields: () => ids.fields,
      note: (_part, error) => void notes.push(error as Error),
      ...hooks,
    },
  );
  return {
    ...logging,
    lines,
    notes,
    ids,
    last: () => JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>,
  };
}
