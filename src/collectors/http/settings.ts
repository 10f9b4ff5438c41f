import type { ClientAddress } from "../../logging/client-address.js";
import type { RequestLike, ResponseLike } from "./targets/shapes.js";

/** Decides on a request by code. Runs for every request: keep it cheap. A throw counts as false. */
export type RequestTest = (req: RequestLike) => boolean;

/** Reads the value of one custom label when the response has closed. A throw gives the empty value. */
export type LabelValueOf = (req: RequestLike, res: ResponseLike) => unknown;

/** What the HTTP domain needs to know; the options page documents each field. */
export interface HttpSettings {
  /** Paths that leave no trace: exact, with a trailing `*` for a prefix, a RegExp, or a predicate. */
  readonly exclude: readonly (string | RegExp | RequestTest)[];
  /** Custom labels on the request families. */
  readonly labels: Readonly<Record<string, LabelValueOf>>;
  /** Most distinct values of one custom label; further ones become `__overflow__`. */
  readonly maxLabelValues: number;
  /** `2xx` in place of `200` in the `status` label. */
  readonly statusClass: boolean;
  /** Methods besides the standard ones that keep their name in the `method` label. */
  readonly methods: readonly string[];
  /** Bounds of the duration histograms, seconds. */
  readonly buckets: readonly number[];
  /** Bounds of the size histograms, bytes. */
  readonly sizeBuckets: readonly number[];
  /** Header that carries the request id in and out; empty for none. */
  readonly requestIdHeader: string;
  /** A chunked response still open this long after its headers is a stream, not a latency sample. */
  readonly streamAfterMs: number;
  /** One log line for each request. */
  readonly accessLog: boolean;
  /** How much of a client's address that line tells; `logging.clientAddress`. */
  readonly clientAddress: ClientAddress;
  readonly outgoing: OutgoingSettings;
}

/** What the outgoing side needs to know. */
export interface OutgoingSettings {
  /** Observe fetch, undici and node:http clients. */
  readonly enabled: boolean;
  /** Hosts that keep their name in the `host` label; empty: the first `maxHosts` seen do. */
  readonly hosts: readonly string[];
  readonly maxHosts: number;
  /** Hosts that are sent `traceparent`; empty: all. */
  readonly propagateTo: readonly string[];
}
