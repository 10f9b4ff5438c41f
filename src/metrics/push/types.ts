import type { Series, SeriesFamily } from "../families/series.js";

/** Where metrics can be pushed to. */
export type PushTarget = "pushgateway" | "remote-write" | "otlp";

/** What `obs.metrics.push()` takes. */
export interface PushOptions {
  /** The protocol: a Pushgateway, Prometheus remote write 1.0, or OTLP over HTTP with protobuf. */
  readonly to: PushTarget;
  /**
   * `http(s)://host:port` of a Pushgateway; the whole URL of the receiver for `remote-write`
   * (`http://host:9090/api/v1/write`) and `otlp`, to which `/v1/metrics` is added where it has no path.
   * Default: `http://localhost:4318/v1/metrics` for `otlp`; required for the others.
   */
  readonly url?: string | undefined;
  /** Label `job`; for `otlp` `service.name`. Default: the name of the service. */
  readonly job?: string | undefined;
  /**
   * Label `instance`; for `otlp` `service.instance.id`. It keeps two processes from writing over each other. `false`
   * leaves it out. Default: host, process id and a random number.
   */
  readonly instance?: string | false | undefined;
  /** Further labels of the group, `pushgateway` only. Default: none. */
  readonly grouping?: Readonly<Record<string, string>> | undefined;
  /** `PUT` replaces the whole group, `POST` only metrics of the same names; `pushgateway` only. Default: `PUT`. */
  readonly method?: "PUT" | "POST" | undefined;
  /** Attributes of the resource, `otlp` only. Default: none beyond the service's own. */
  readonly resource?: Readonly<Record<string, string>> | undefined;
  /** Headers of every request, e.g. `authorization`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sends gzipped, `pushgateway` (1.5 and later) and `otlp`; remote write is always snappy. Default: false. */
  readonly gzip?: boolean | undefined;
  /** Longest time for one push with all it tries, milliseconds. Default: 10000. */
  readonly timeoutMs?: number | undefined;
  /** Time between two pushes, milliseconds; 0 for none: then only `push()` and `close()` send. Default: 0. */
  readonly intervalMs?: number | undefined;
  /** Most samples (`remote-write`) or data points (`otlp`) of one request; more are sent in several. Default: 2000. */
  readonly maxSamplesPerRequest?: number | undefined;
  /** Pushes a last time on `close()` and `obs.close()`. Default: true. */
  readonly pushOnClose?: boolean | undefined;
  /** Longest time that closing may take, milliseconds. Default: 2000. */
  readonly closeTimeoutMs?: number | undefined;
  /** Pushes a last time, and closes, when the process runs out of work (`beforeExit`). Default: false. */
  readonly onExit?: boolean | undefined;
  /**
   * Marks every series as gone when it closes, `remote-write` only. Default: true with `intervalMs`; without one the
   * last values stay visible for Prometheus's look-back of 5 minutes.
   */
  readonly staleOnClose?: boolean | undefined;
  /** Deletes the group when it closes, `pushgateway` only. Default: false. */
  readonly deleteOnClose?: boolean | undefined;
}

/** How a push ended: `partial` where the receiver took some of it, `rejected` where trying again is no use. */
export type PushOutcome = "ok" | "partial" | "rejected" | "failed";

/** What came of one push. */
export interface PushResult {
  /** True for the outcome `ok`. */
  readonly ok: boolean;
  readonly outcome: PushOutcome;
  /** Status of the last answer; absent where there was none. */
  readonly status?: number;
  /** Requests that were sent, those sent again included. */
  readonly attempts: number;
  /** Series that the receiver took. */
  readonly series: number;
  /** Bytes of the requests' bodies, as sent. */
  readonly bytes: number;
  readonly durationMs: number;
  /** What went wrong, in one line; absent for the outcome `ok`. */
  readonly error?: string;
}

/** Sends the metrics to one receiver. */
export interface Pusher {
  /** Sends all values of now. One push runs at a time: calls that come meanwhile share the next. Never rejects. */
  push(): Promise<PushResult>;
  /** Deletes the group from a Pushgateway; for the other protocols the result is `rejected`. Never rejects. */
  delete(): Promise<PushResult>;
  /** Stops the interval and, unless told otherwise, pushes a last time. Never rejects; a second call returns the first's promise. */
  close(): Promise<void>;
}

/** The options of one pusher, complete and checked. */
export interface PushSettings {
  readonly to: PushTarget;
  readonly url: URL;
  readonly job: string;
  readonly instance: string | undefined;
  readonly grouping: Readonly<Record<string, string>>;
  readonly method: "PUT" | "POST";
  readonly resource: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly maxSamplesPerRequest: number;
  readonly pushOnClose: boolean;
  readonly closeTimeoutMs: number;
  readonly onExit: boolean;
  readonly staleOnClose: boolean;
  readonly deleteOnClose: boolean;
}

/** Series of one metric, read in one turn of the event loop. */
export interface SeriesBatch {
  readonly family: SeriesFamily;
  readonly series: readonly Series[];
  /** True where the numbers are known to count from 0 in this process; a stranger's may come from anywhere. */
  readonly isOwn: boolean;
  /** True where the metric could not be read: its series are not gone. */
  readonly isUnread?: boolean;
}

/** One push, as a protocol is asked to write it. */
export interface PushJob {
  readonly batches: AsyncIterable<SeriesBatch>;
  /** Unix time of the samples, milliseconds; rises from push to push. */
  readonly timeMs: number;
}

/** One request of a push. */
export interface PushRequest {
  readonly method: "PUT" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Series in it. */
  readonly series: number;
  /** Called when the receiver took it. */
  readonly onAccepted?: () => void;
}

/** An answer, as far as it was read. */
export interface PushAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The first 64 KiB. */
  readonly body: Buffer;
}

/** What an answer means. `next` tells whether the other requests of the push are worth sending after a refusal. */
export type Verdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "partial"; readonly reason: string }
  | { readonly kind: "rejected"; readonly reason: string; readonly next: boolean }
  | { readonly kind: "retry"; readonly reason: string };

/** How metrics are written for one kind of receiver. */
export interface PushProtocol {
  /** Writes a push, request by request; each is made once the one before was dealt with. */
  requests(job: PushJob): AsyncIterable<PushRequest>;
  /** What is to be sent when the pusher closes, after the last push. */
  farewell(timeMs: number): Iterable<PushRequest>;
  /** The request that deletes what was pushed; undefined where there is no such thing. */
  deletion(): PushRequest | undefined;
  judge(answer: PushAnswer): Verdict;
}
