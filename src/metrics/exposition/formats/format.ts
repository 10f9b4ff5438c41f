import type { Declaration } from "../../families/declaration.js";
import type { BorrowedText } from "../../text/chunks.js";
import type { Peers } from "../clash.js";
import type { RegisteredMetric } from "../print-metric.js";

/** A part of an exposition, small enough to be made in one turn of the event loop. */
export type Piece = string | Buffer | BorrowedText;

/** How metrics are written. Formats hold nothing of a scrape, so that scrapes in different ones can run side by side. */
export interface Format {
  /** Stands between two metrics. */
  readonly gap: string;
  /** Stands after the last one. */
  readonly end: string;
  /** One of our families; each piece is made when it is asked for. */
  family(declaration: Declaration, peers: Peers): Iterable<Piece>;
  /** A metric of anybody else. Rejects when it cannot be read. */
  foreign(metric: RegisteredMetric, peers: Peers): Promise<Iterable<Piece>>;
}
