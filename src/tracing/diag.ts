import { type DiagLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { claim } from "./globals.js";
import type { Note } from "./types.js";

const MAX_MESSAGE_LENGTH = 500;

/** Reports OpenTelemetry's own warnings and errors, which it otherwise keeps to itself; a diag logger of the service is left alone. Returns the idempotent release. */
export function reportDiag(note: Note): () => void {
  const report = (...parts: unknown[]): void =>
    note("tracing.sdk", new Error(parts.map(String).join(" ").slice(0, MAX_MESSAGE_LENGTH)));
  const quiet = (): void => undefined;
  const logger: DiagLogger = { error: report, warn: report, info: quiet, debug: quiet, verbose: quiet };
  return claim("diag", {
    register: () => diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true }),
    unregister: () => diag.disable(),
  });
}
