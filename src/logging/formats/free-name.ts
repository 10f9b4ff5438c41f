import type { Fields } from "./format.js";

/** `name`, with as many `_` behind it as it takes to be no name of `fields` nor one of `reserved`. */
export function freeName(name: string, fields: Fields, reserved?: ReadonlySet<string>): string {
  let free = name;
  while (free in fields || reserved?.has(free) === true) free += "_";
  return free;
}

/** Moves a field out of the way of a name that the line has already: parsers reject duplicate keys, or let the last one win. */
export function rename(fields: Fields, name: string): void {
  if (!(name in fields)) return;
  fields[freeName(`${name}_`, fields)] = fields[name];
  delete fields[name];
}

/** Copies the fields that `source` still has beside those of `target`; reserved names and names in use get a `_`. */
export function addFree(target: Fields, source: Fields, reserved: ReadonlySet<string>): Fields {
  for (const name in source) {
    const value = source[name];
    if (value !== undefined) target[freeName(name, target, reserved)] = value;
  }
  return target;
}
