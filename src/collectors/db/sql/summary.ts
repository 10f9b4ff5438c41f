import { scan } from "./scan.js";

/** What may be said of a text: nothing in it is a literal. */
export interface SqlSummary {
  /** As OpenTelemetry's `db.query.summary`: verbs and targets in their order, at most 255 characters. */
  readonly text: string;
  /** The first verb, `OTHER` where it is none that is known. */
  readonly operation: string;
  /** The target, where there is exactly one. */
  readonly collection: string;
}

const MAX_SUMMARY = 255;
const MAX_KEPT = 500;
const MAX_KEPT_CHARS = 1024;

/** Makes the summariser of one client. It remembers texts without strings, which a program has a limited number of. */
export function createSummaries(): (sql: string) => SqlSummary {
  const kept = new Map<string, SqlSummary>();
  return (sql) => {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const made = summarize(sql);
    if (sql.length > MAX_KEPT_CHARS || sql.includes("'")) return made;
    if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value as string);
    kept.set(sql, made);
    return made;
  };
}

function summarize(sql: string): SqlSummary {
  const { parts, operation, targets } = scan(sql);
  const distinct = new Set(targets);
  return {
    text: joined(parts) || operation,
    operation,
    collection: distinct.size === 1 ? (targets[0] as string) : "",
  };
}

function joined(parts: readonly string[]): string {
  let text = "";
  for (const part of parts) {
    const longer = text === "" ? part : `${text} ${part}`;
    if (longer.length > MAX_SUMMARY) return text;
    text = longer;
  }
  return text;
}
