import { describe, expect, it } from "vitest";
import { isObservabilityError } from "../../../src/errors.js";
import { FileSink } from "../../../src/logging/sinks/buffered.js";
import { openDestination } from "../../../src/logging/sinks/destination.js";

function complaintOf(destination: unknown): string {
  try {
    openDestination(destination as never, () => undefined);
  } catch (error) {
    if (isObservabilityError(error)) return `${error.code} ${error.message}`;
  }
  return "nothing thrown";
}

describe("openDestination", () => {
  it("complains about what is no destination, once and in one line", () => {
    expect(complaintOf(5)).toBe(
      "TELLTALE_OPTION logging.destination: found number, expected a file path or an object with write(line)",
    );
    expect(complaintOf(null)).toBe(
      "TELLTALE_OPTION logging.destination: found object, expected a file path or an object with write(line)",
    );
    expect(complaintOf({ write: 1 })).toContain("found object");
    expect(complaintOf("/no/such/dir/app.log")).toMatch(
      /^TELLTALE_OPTION logging\.destination: found "\/no\/such\/dir\/app\.log", expected a path that can be opened for appending \(ENOENT: .*\)$/,
    );
  });

  it("writes to whoever has replaced process.stdout.write", () => {
    const { write } = process.stdout;
    const seen: string[] = [];
    process.stdout.write = ((line: string) => {
      seen.push(line);
      return true;
    }) as typeof write;
    try {
      const sink = openDestination(undefined, () => undefined);
      sink.write("line\n");
      expect(sink).not.toBeInstanceOf(FileSink);
    } finally {
      process.stdout.write = write;
    }
    expect(seen).toEqual(["line\n"]);
  });
});
