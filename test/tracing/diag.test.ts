import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { reportDiag } from "../../src/tracing/diag.js";
import { noteBook } from "./spans.js";

afterEach(() => diag.disable());

describe("reportDiag", () => {
  it("notes OpenTelemetry's warnings and errors until it is released", () => {
    const { note, notes } = noteBook();
    const release = reportDiag(note);
    diag.error("export failed", { code: 14 });
    diag.warn("attribute dropped");
    diag.info("chatter");
    diag.debug("chatter");
    release();
    diag.error("later");
    expect(notes).toEqual(["tracing.sdk: export failed [object Object]", "tracing.sdk: attribute dropped"]);
  });

  it("cuts a long message", () => {
    const { note, notes } = noteBook();
    const release = reportDiag(note);
    diag.error("x".repeat(10_000));
    release();
    expect(notes[0]?.length).toBeLessThan(600);
  });

  it("leaves the service's own diag logger alone, also when it is released", () => {
    const { note, notes } = noteBook();
    const theirs: string[] = [];
    const logger = {
      error: (text: string) => theirs.push(text),
      warn: () => 0,
      info: () => 0,
      debug: () => 0,
      verbose: () => 0,
    };
    diag.setLogger(logger, DiagLogLevel.ERROR);
    const release = reportDiag(note);
    diag.error("one");
    release();
    diag.error("two");
    expect([theirs, notes]).toEqual([["one", "two"], []]);
  });
});
