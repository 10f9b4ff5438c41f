import type { AnyOptions } from "../families/define.js";
import type { FamilyType } from "../families/definition.js";
import { refuse } from "../families/validate.js";
import { checkRenames } from "./check-renames.js";
import { presetOf } from "./presets/index.js";
import { columnsOf, isPlain, type LabelColumn } from "./projection.js";
import type {
  CopyNaming,
  ExportedFamily,
  FamilyNaming,
  LabelNamings,
  NamingPreset,
  Rename,
  Renames,
} from "./types.js";

/** What names are made from. */
export interface NamingSettings {
  readonly prefix: string;
  readonly naming?: NamingPreset;
  readonly rename?: Renames;
}

/** A family that a declaration is exported as, and how records find their way into it. */
export interface Export {
  readonly type: FamilyType;
  /** As declared, with the exported name, labels, bounds and unit. */
  readonly options: AnyOptions;
  /** Undefined where records go in as they are. */
  readonly route: Route | undefined;
}

/** What is done to records on their way into a family. */
export interface Route {
  readonly columns: readonly LabelColumn[];
  readonly scale: number;
  /** Position of the label that decides whether the family takes the record, and the values that it takes. */
  readonly only?: { readonly from: number; readonly value: RegExp } | undefined;
}

/** The names of one registry. */
export interface Naming {
  /** What a declaration is exported as: its own family, then copies of it. Throws TELLTALE_LABEL on a rename that does not fit. */
  exportsOf(type: FamilyType, options: AnyOptions): readonly [Export, ...Export[]];
  /** How a declaration appears in the exposition: its own family, then copies of it. */
  describe(type: FamilyType, options: AnyOptions): ExportedFamily[];
  /** Families that a rename names and nobody has declared so far. */
  unused(): string[];
}

/** Makes the names: those of the preset, with the renames over them. Throws TELLTALE_OPTION on a bad rename. */
export function createNaming({ prefix, naming = "prometheus", rename = {} }: NamingSettings): Naming {
  const { families } = presetOf(naming);
  checkRenames(rename, prefix);
  const unused = new Set(Object.keys(rename));

  function exportsOf(type: FamilyType, options: AnyOptions): readonly [Export, ...Export[]] {
    unused.delete(options.name);
    const preset = own(families, options.name);
    const given = own(rename, options.name);
    if (preset === undefined && given === undefined) return [{ type, options, route: undefined }];
    if (given !== undefined) checkFits(type, options, given);
    const named = withRename(preset ?? {}, given ?? {});
    const first = exportFamily({ type, options, prefix }, named);
    return [first, ...(named.copies ?? []).map((copy) => exportCopy({ type, options, prefix }, copy, named))];
  }

  return {
    exportsOf,
    describe: (type, options) => exportsOf(type, options).map((one) => describeExport(one, prefix)),
    unused: () => [...unused],
  };
}

function describeExport({ type, options }: Export, prefix: string): ExportedFamily {
  const { name, help, unit, buckets, labelNames = [], exportedAs } = options;
  return {
    type,
    help,
    exported: exportedAs?.name ?? prefix + name,
    exportedLabels: labelNames,
    ...(unit === undefined ? {} : { unit }),
    ...(buckets === undefined || type !== "histogram" ? {} : { buckets }),
  };
}

interface Declared {
  readonly type: FamilyType;
  readonly options: AnyOptions;
  readonly prefix: string;
}

// A copy is fed by the records of another family, so its labels always come in exported form.
function exportFamily({ type, options, prefix }: Declared, naming: FamilyNaming, isCopy = false): Export {
  const { labelNames = [] } = options;
  const { name = options.name, isExact = false, scale = 1 } = naming;
  const columns = columnsOf(labelNames, naming.labels);
  const isFed = isCopy || naming.copies !== undefined;
  const isDirect = isPlain(columns, labelNames) && scale === 1 && !isFed;
  const exportedAs = {
    name: isExact ? name : prefix + name,
    declared: { name: options.name, labelNames },
    ...(isDirect ? { labelKeys: labelNames } : {}),
  };
  const exported = { ...scaled(options, naming), ...relabelled(options, columns), exportedAs };
  return { type, options: exported, route: isDirect ? undefined : { columns, scale } };
}

function exportCopy(declared: Declared, copy: CopyNaming, of: FamilyNaming): Export {
  const { name, help, type = declared.type, labels = of.labels, only } = copy;
  const { options } = declared;
  const naming = { name, ...(labels === undefined ? {} : { labels }) };
  const made = exportFamily({ ...declared, type, options: { ...options, help } }, naming, true);
  const from = only === undefined ? -1 : (options.labelNames ?? []).indexOf(only.label);
  const route = made.route as Route;
  return { ...made, route: only === undefined ? route : { ...route, only: { from, value: only.value } } };
}

type Labelled = Pick<AnyOptions, "labelNames" | "maxValues">;

// A cap of a label that is unknown stays, to be refused with the others.
function relabelled({ labelNames = [], maxValues }: AnyOptions, columns: readonly LabelColumn[]): Labelled {
  const names = columns.map(({ name }) => name);
  if (typeof maxValues !== "object" || maxValues === null) return { labelNames: names };
  const caps = Object.entries(maxValues).flatMap(([label, max]) => {
    const from = labelNames.indexOf(label);
    const exported = columns.filter((column) => column.from === from).map(({ name }) => name);
    return (from < 0 ? [label] : exported).map((name) => [name, max]);
  });
  return { labelNames: names, maxValues: Object.fromEntries(caps) as Record<string, number> };
}

function scaled(options: AnyOptions, { scale = 1, unit }: FamilyNaming): AnyOptions {
  const { unit: declared, ...rest } = options;
  const shown = unit ?? (scale === 1 ? declared : undefined);
  // 15 digits, or 0.07 × 100 would be 7.000000000000001.
  const bounds = options.buckets?.map((bound) => Number((bound * scale).toPrecision(15)));
  return {
    ...rest,
    ...(shown === undefined ? {} : { unit: shown }),
    ...(bounds === undefined ? {} : { buckets: bounds }),
  };
}

function withRename(preset: FamilyNaming, { labels, ...rename }: Rename): FamilyNaming {
  return {
    ...preset,
    ...rename,
    ...(rename.name === undefined ? {} : { isExact: true }),
    ...(labels === undefined ? {} : { labels: relabel(preset.labels, labels) }),
  };
}

// A new name keeps the preset's way with the values, and what the preset derives from the label besides.
function relabel(preset: FamilyNaming["labels"] = {}, given: NonNullable<Rename["labels"]>): LabelNamings {
  const before = preset === "none" ? {} : preset;
  const renamed = Object.entries(given).map(([label, name]) => {
    const [first, ...derived] = own(before, label) ?? [];
    return [label, name === false ? [] : [{ ...first, name }, ...derived]];
  });
  return { ...before, ...(Object.fromEntries(renamed) as LabelNamings) };
}

function checkFits(type: FamilyType, { name, labelNames = [] }: AnyOptions, { labels = {} }: Rename): void {
  for (const [label, exported] of Object.entries(labels)) {
    const what = `rename of label "${label}" of ${type} "${name}"`;
    if (!labelNames.includes(label))
      refuse("TELLTALE_LABEL", { what, found: labelNames, expected: `a family with that label` });
    if (exported === false && type === "gauge")
      refuse("TELLTALE_LABEL", {
        what,
        found: false,
        expected: "a name: the values of a gauge cannot be summed",
      });
  }
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
