import type { Resource } from "@opentelemetry/resources";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { NamedTarget } from "../targets.js";
import type { Note } from "../types.js";

/** An exporter that can be cut off. */
export interface Exporter extends SpanExporter {
  /** Closes its sockets at once, whatever is under way; idempotent. */
  destroy?(): void;
}

/** What an exporter is made from. */
export interface ExporterSetup {
  readonly target: NamedTarget;
  readonly resource: Resource;
  readonly note: Note;
  /** Where the `console` exporter writes. Default: standard output. */
  readonly out?: { write(text: string): unknown } | undefined;
}

/** Makes an exporter; its package is loaded only then. Throws ObservabilityError when the endpoint is not one. */
export type ExporterFactory = (setup: ExporterSetup) => Exporter;
