import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** The numbered names of one log: `app.log` gives `app.1.log`, `app.2.log`. */
export interface Numbering {
  /** The path that was asked for. */
  readonly path: string;
  readonly folder: string;
  pathOf(number: number): string;
  /** The number in a file's name; undefined for any other file. */
  numberOf(name: string): number | undefined;
  /** Numbers of the files that are there. */
  existing(): number[];
}

/** Makes the names for `path`. */
export function createNumbering(path: string): Numbering {
  const folder = dirname(path);
  const ending = extname(path);
  const stem = basename(path, ending);

  function numberOf(name: string): number | undefined {
    if (!name.startsWith(`${stem}.`) || !name.endsWith(ending)) return undefined;
    const middle = name.slice(stem.length + 1, name.length - ending.length);
    return /^[1-9]\d{0,14}$/.test(middle) ? Number(middle) : undefined;
  }

  return {
    path,
    folder,
    pathOf: (number) => join(folder, `${stem}.${number}${ending}`),
    numberOf,
    existing: () => list(folder).flatMap((name) => numberOf(name) ?? []),
  };
}

/** A folder that is missing is made, or complained of, where the first file is opened. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
