import { describe, expect, it } from "vitest";
import { createLossReport } from "../../../src/tracing/exporters/losses.js";
import { noteBook } from "../spans.js";

describe("createLossReport", () => {
  it("tells the first loss at once, then once a minute with the count since", () => {
    const clock = { ms: 0 };
    const { note, notes } = noteBook();
    const report = createLossReport(note, () => clock.ms);
    report(1, new Error("refused"));
    report(10, new Error("refused"));
    clock.ms = 59_999;
    report(20, new Error("refused"));
    expect(notes).toEqual(["tracing.export: 1 span lost: refused"]);
    clock.ms = 60_000;
    report(5, new Error("hung"));
    expect(notes[1]).toBe("tracing.export: 35 spans lost: hung");
  });

  it("names a refused connection although its AggregateError is empty, and what is no error", () => {
    const { note, notes } = noteBook();
    const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
    createLossReport(note, () => 0)(2, refused);
    createLossReport(note, () => 0)(2, new AggregateError([]));
    createLossReport(note, () => 0)(2, "plain words");
    expect(notes.map((line) => line.replace(/^.*lost: /, ""))).toEqual([
      "ECONNREFUSED",
      "AggregateError",
      "plain words",
    ]);
  });

  it("keeps the error as the cause", () => {
    const error = new Error("refused");
    createLossReport(
      (_part, noted) => expect((noted as Error).cause).toBe(error),
      () => 0,
    )(1, error);
    expect.assertions(1);
  });
});
