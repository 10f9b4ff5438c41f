import type { LevelWithSilent } from "pino";
import type { LineTarget } from "./stream.js";

/** What every sink takes. */
export interface SinkCommon {
  /** Least severe level that it gets, besides what `logging.level` holds back. Default: all. */
  readonly level?: LevelWithSilent | undefined;
  /** Value of the label `sink` of `log_lines_dropped_total`. Default: `to`, with a number where two are alike. */
  readonly name?: string | undefined;
}

/** When a file is followed by the next. */
export interface RotateOptions {
  /** Bytes that a file may hold. Default: no bound. */
  readonly maxBytes?: number | undefined;
  /** A new file every day or hour of local time, or every so many milliseconds. Default: never. */
  readonly every?: "day" | "hour" | number | undefined;
  /** Old files that stay besides the current one. Default: 7. */
  readonly keep?: number | undefined;
}

/** Standard output or standard error. */
export interface ConsoleSinkOptions extends SinkCommon {
  readonly to: "stdout" | "stderr";
}

/** A file to append to. */
export interface FileSinkOptions extends SinkCommon {
  readonly to: "file";
  readonly path: string;
  /** Makes the folder where it is missing. Default: false. */
  readonly mkdir?: boolean | undefined;
  /** Starts a new file by size or time: `app.log` becomes `app.1.log`, `app.2.log`. Default: never. */
  readonly rotate?: RotateOptions | undefined;
  /** Opens the file anew on SIGHUP, which then does not end the process. Default: true. */
  readonly sighup?: boolean | undefined;
}

/** An object of the service's own. */
export interface StreamSinkOptions extends SinkCommon {
  readonly to: "stream";
  readonly stream: LineTarget;
}

/** Grafana Loki. */
export interface LokiSinkOptions extends SinkCommon {
  readonly to: "loki";
  /** `http(s)://host:3100`; `/loki/api/v1/push` is added where there is no path. May hold user and password. */
  readonly url: string;
  /** Labels of every stream, besides `service_name` and `level`. Keep them few. Default: none. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Headers of every request, e.g. `authorization` or `x-scope-orgid`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Longest wait for one answer, milliseconds. Default: 5000. */
  readonly timeoutMs?: number | undefined;
}

/** OTLP over HTTP with JSON. */
export interface OtlpSinkOptions extends SinkCommon {
  readonly to: "otlp";
  /**
   * `http(s)://host:4318`; `/v1/logs` is added where there is no path. Default: OTEL_EXPORTER_OTLP_LOGS_ENDPOINT,
   * OTEL_EXPORTER_OTLP_ENDPOINT, then `http://localhost:4318`.
   */
  readonly url?: string | undefined;
  /** Headers of every request, besides those of OTEL_EXPORTER_OTLP_HEADERS and OTEL_EXPORTER_OTLP_LOGS_HEADERS. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Attributes of the resource, besides the service, its version and environment, and OTEL_RESOURCE_ATTRIBUTES. */
  readonly resource?: Readonly<Record<string, string>> | undefined;
  /** Longest wait for one answer, milliseconds. Default: OTEL_EXPORTER_OTLP_LOGS_TIMEOUT, OTEL_EXPORTER_OTLP_TIMEOUT, then 5000. */
  readonly timeoutMs?: number | undefined;
}

/** A transport made for pino, such as pino-elasticsearch, in a worker thread. */
export interface TransportSinkOptions extends SinkCommon {
  readonly to: "transport";
  /** Name of its package, as the service would require it, or the path of its file. */
  readonly target: string;
  /** What the transport takes; it goes to another thread, so no functions. Default: none. */
  readonly options?: object | undefined;
}

/** One element of `logging.sinks`. */
export type SinkOptions =
  | ConsoleSinkOptions
  | FileSinkOptions
  | StreamSinkOptions
  | LokiSinkOptions
  | OtlpSinkOptions
  | TransportSinkOptions;
