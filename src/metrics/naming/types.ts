import type { FamilyType } from "../families/definition.js";

/** The vocabularies that metrics can be exported in. */
export type NamingPreset =
  | "prometheus"
  | "otel"
  | "express-prom-bundle"
  | "fastify-metrics"
  | "promster"
  | "swagger-stats";

/** How one family is exported. */
export interface Rename {
  /** Name in the exposition, taken as it is: no prefix is added, a counter need not end in `_total`. Default: unchanged. */
  readonly name?: string;
  /** Exported names by label; `false` drops the label and sums over it (counters, histograms and summaries). Default: unchanged. */
  readonly labels?: Readonly<Record<string, string | false>>;
  /** What every value, and every bound of a histogram, is multiplied by: 1000 makes milliseconds of seconds. Default: 1. */
  readonly scale?: number;
  /** Unit of the scaled values, for the catalog. Default: the declared one; none when `scale` is given. */
  readonly unit?: string;
}

/** How families are exported, by the name that the code declares them with, without the prefix. */
export type Renames = Readonly<Record<string, Rename>>;

/** One exported label. */
export interface LabelNaming {
  readonly name: string;
  /** Makes the exported value of the recorded one. Default: the same. */
  readonly value?: (text: string) => string;
}

/** What becomes of labels, by their declared name: none, one, or several labels of the same source. */
export type LabelNamings = Readonly<Record<string, readonly LabelNaming[]>>;

/** How a preset, with the renames over it, exports one family. */
export interface FamilyNaming extends Omit<Rename, "labels"> {
  /** Labels that are not listed stay as they are. `none`: every label goes. */
  readonly labels?: LabelNamings | "none";
  /** True where `name` stands as it is, without the prefix. */
  readonly isExact?: boolean;
  /** True for a gauge that is only counted up and down, so that labels may be dropped from it. */
  readonly isCounted?: boolean;
  /** Further families that the same records go into. */
  readonly copies?: readonly CopyNaming[];
}

/** A family that is fed by the records of another; its labels are those of the first unless it has its own. */
export interface CopyNaming extends Pick<FamilyNaming, "labels"> {
  readonly name: string;
  readonly help: string;
  /** Default: that of the first. */
  readonly type?: FamilyType;
  /** Takes only the label sets whose label has a value that fits. Default: all. */
  readonly only?: { readonly label: string; readonly value: RegExp };
}

/** How a declaration appears in the exposition. */
export interface ExportedFamily {
  readonly type: FamilyType;
  readonly help: string;
  /** Name, prefix included. */
  readonly exported: string;
  readonly exportedLabels: readonly string[];
  readonly unit?: string;
  readonly buckets?: readonly number[];
}

/** A request as far as the labels of a preset read it. */
interface RequestLike {
  readonly httpVersion?: string;
  readonly protocol?: unknown;
  readonly socket?: unknown;
}

/** A vocabulary. */
export interface Preset {
  readonly families: Readonly<Record<string, FamilyNaming>>;
  /** Defaults of options, by path, that go with it. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Labels of the request families that it adds. */
  readonly requestLabels?: Readonly<Record<string, (req: RequestLike) => string>>;
}
