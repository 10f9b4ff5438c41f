import type { Note } from "../types.js";

const QUIET_MS = 60_000;

/** Reports lost spans: the first loss at once, then at most once a minute with the count since; `now` in milliseconds. */
export function createLossReport(note: Note, now: () => number): (spans: number, error: unknown) => void {
  let quietUntilMs = Number.NEGATIVE_INFINITY;
  let lost = 0;
  return (spans, error) => {
    lost += spans;
    if (now() < quietUntilMs) return;
    quietUntilMs = now() + QUIET_MS;
    note(
      "tracing.export",
      new Error(`${lost} ${lost === 1 ? "span" : "spans"} lost: ${describe(error)}`, { cause: error }),
    );
    lost = 0;
  };
}

// A refused connection to a name with two addresses is an AggregateError whose message is empty.
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return error.message || (typeof code === "string" ? code : error.name);
}
