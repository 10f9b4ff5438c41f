import type { Rows } from "../columns/rows.js";
import type { Collect } from "./collect.js";
import type { Definition } from "./definition.js";

/** A declared family, found again by what stands in the registry. */
export interface Declaration {
  readonly definition: Definition;
  readonly rows: Rows;
  readonly face: object;
  readonly collect: () => Promise<void>;
  readonly callbacks: Set<Collect>;
  /** True where prom-client records, so that prom-client prints as well. */
  readonly isForeign: boolean;
}
