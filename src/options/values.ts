import { ObservabilityError } from "../errors.js";
import { OPTION_ROWS, type OptionRow } from "./table.js";

/** The environment, injected so that tests need not change the process's. */
export type Environment = Readonly<Record<string, string | undefined>>;

const SECTIONS = new Set(OPTION_ROWS.flatMap(({ path }) => prefixesOf(path)));
const PATHS = OPTION_ROWS.map(({ path }) => path);

/** The value of one option: given, else from the environment, else its default. Throws when it is not what is expected. */
export function readOption(row: OptionRow, options: object, env: Environment): unknown {
  const given = lookUp(options, row.path);
  if (given !== undefined) return checked(row, given, { what: `option ${row.path}`, shown: given });
  const name = row.env.find((variable) => (env[variable] ?? "") !== "");
  if (name === undefined || row.kind.parse === undefined) return row.fallback;
  const text = env[name] as string;
  return checked(row, row.kind.parse(text), { what: `environment variable ${name}`, shown: text });
}

/** Throws on a key that no option has, and suggests the nearest. */
export function rejectUnknown(options: object, above = ""): void {
  if (typeof options !== "object" || options === null)
    throw refusal("the argument", "an object of options", options);
  for (const [key, value] of Object.entries(options)) {
    const path = above === "" ? key : `${above}.${key}`;
    if (PATHS.includes(path)) continue;
    if (!SECTIONS.has(path))
      throw new ObservabilityError(
        "TELLTALE_OPTION",
        `createObservability: unknown option ${path}.${suggestion(path)}`,
      );
    if (value === undefined || typeof value === "boolean") continue;
    if (typeof value !== "object" || value === null)
      throw refusal(`option ${path}`, "an object of options", value);
    rejectUnknown(value, path);
  }
}

function checked({ kind }: OptionRow, value: unknown, source: { what: string; shown: unknown }): unknown {
  if (kind.accepts(value)) return value;
  throw refusal(source.what, kind.expected, source.shown);
}

/** The one shape of a complaint about an option. */
export function refusal(what: string, expected: string, found: unknown): ObservabilityError {
  return new ObservabilityError(
    "TELLTALE_OPTION",
    `createObservability: ${what}: expected ${expected}, got ${show(found)}.`,
  );
}

function lookUp(options: object, path: string): unknown {
  let value: unknown = options;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function prefixesOf(path: string): string[] {
  const keys = path.split(".");
  return keys.slice(1).map((_, i) => keys.slice(0, i + 1).join("."));
}

function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  const text = typeof value === "bigint" ? `${value}n` : (stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, inner) =>
      typeof inner === "number" && !Number.isFinite(inner) ? String(inner) : inner,
    );
  } catch {
    return "[an object]";
  }
}

function suggestion(path: string): string {
  const { section, name } = partsOf(path);
  const near = PATHS.map((known) => ({ known, ...partsOf(known) }))
    .map((known) => ({ ...known, away: distance(known.name, name) }))
    .filter(({ away }) => away <= 2)
    .sort((a, b) => Number(b.section === section) - Number(a.section === section) || a.away - b.away)[0];
  return near === undefined ? " See docs/options.md." : ` Did you mean ${near.known}?`;
}

function partsOf(path: string): { section: string; name: string } {
  const dot = path.lastIndexOf(".");
  return { section: path.slice(0, Math.max(0, dot)), name: path.slice(dot + 1).toLowerCase() };
}

// Levenshtein, one row at a time.
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1);
    }
    row = next;
  }
  return row[b.length] as number;
}
