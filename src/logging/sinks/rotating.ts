import { closeSync, fstatSync, lstatSync, renameSync, statSync, symlinkSync, writeSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { MemberRule } from "./maker.js";
import { createNumbering, type Numbering } from "./numbering.js";
import type { RotateOptions } from "./options.js";
import { type FileOptions, type Outlet, openForAppending } from "./outlets.js";
import { type Every, isEvery, startOfPeriod } from "./period.js";
import { isObject } from "./rules.js";

/** What a rotating file is opened with. */
export interface RotatingOptions extends FileOptions {
  readonly rotate: RotateOptions;
  /** Told of a file that could not be begun, linked or removed; the lines go on into the one before. */
  onFault(error: unknown): void;
  /** Unix time, milliseconds. */
  now?(): number;
}

const KEEP = 7;

/** What `rotate` may be. */
export const rotateRule: MemberRule = {
  expected:
    'an object of { maxBytes, every, keep } with at least maxBytes, a whole number of bytes, or every: "day", "hour" or milliseconds',
  accepts: (value) => isObject(value) && isRotate(value),
};

function isRotate({ maxBytes, every, keep = 0, ...rest }: Record<string, unknown>): boolean {
  const isCount = (value: unknown, min: number): boolean =>
    Number.isSafeInteger(value) && (value as number) >= min;
  if (maxBytes !== undefined && !isCount(maxBytes, 1)) return false;
  if (every !== undefined && !isEvery(every)) return false;
  return (maxBytes ?? every) !== undefined && isCount(keep, 0) && Object.keys(rest).length === 0;
}

/**
 * Files one after the other, named as pino-roll names them: `app.1.log`, `app.2.log`; `app.log` is a link to the current
 * one. A restart goes on with the last one while it is young and small enough. A file may grow past `maxBytes` only by
 * what is handed on at once, 16 kB. Throws when the first cannot be opened.
 */
export function openRotating(options: RotatingOptions): Outlet {
  const { path, mkdir, rotate, onFault, now = Date.now } = options;
  const { maxBytes = Number.POSITIVE_INFINITY, every, keep = KEEP } = rotate;
  const numbering = createNumbering(path);
  const open = (number: number): OpenFile => {
    const fd = openForAppending({ path: numbering.pathOf(number), mkdir });
    return { number, fd, size: fstatSync(fd).size };
  };
  let file = open(firstNumber(numbering, { maxBytes, every, nowMs: now() }));
  let since = startOfPeriod(every, now());
  announce();

  function announce(): void {
    attempt(() => link(numbering.pathOf(file.number), path), onFault);
    prune(numbering, { number: file.number, keep }).catch(onFault);
  }

  function change(number: number): void {
    const old = file.fd;
    file = open(number);
    closeSync(old);
  }

  function rollBefore(length: number): void {
    const begun = startOfPeriod(every, now());
    const isDue = file.size > 0 && (begun !== since || file.size + length > maxBytes);
    if (isDue) change(file.number + 1);
    since = begun;
    if (isDue) announce();
  }

  function write(bytes: Buffer, offset: number): number {
    if (offset === 0) attempt(() => rollBefore(bytes.length), onFault);
    const written = writeSync(file.fd, bytes, offset);
    file.size += written;
    return written;
  }

  return {
    isTty: false,
    isOwned: true,
    write,
    reopen: () => change(file.number),
    close: () => closeSync(file.fd),
  };
}

interface OpenFile {
  readonly number: number;
  readonly fd: number;
  size: number;
}

interface Bounds {
  readonly maxBytes: number;
  readonly every: Every | undefined;
  readonly nowMs: number;
}

/** The last file while it has room and was written in this period, else the one after it. */
function firstNumber(numbering: Numbering, { maxBytes, every, nowMs }: Bounds): number {
  const last = adopt(numbering, Math.max(0, ...numbering.existing()));
  if (last === 0) return 1;
  const { size, mtimeMs } = statSync(numbering.pathOf(last));
  const isOver = size >= maxBytes || startOfPeriod(every, mtimeMs) !== startOfPeriod(every, nowMs);
  return size > 0 && isOver ? last + 1 : last;
}

/** A plain file where the link belongs, from a time without rotation, becomes the newest of the numbered ones. */
function adopt({ path, pathOf }: Numbering, last: number): number {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return last;
  renameSync(path, pathOf(last + 1));
  return last + 1;
}

function link(target: string, path: string): void {
  // Made aside and renamed, so that whoever follows the name always finds a file.
  const aside = `${path}.${process.pid}.link`;
  symlinkSync(basename(target), aside);
  renameSync(aside, path);
}

async function prune(
  { folder, numberOf }: Numbering,
  { number, keep }: { number: number; keep: number },
): Promise<void> {
  const old = (await readdir(folder)).filter((name) => (numberOf(name) ?? number) < number);
  old.sort((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  await Promise.all(old.slice(keep).map((name) => rm(join(folder, name), { force: true })));
}

function attempt(act: () => void, onFault: (error: unknown) => void): void {
  try {
    act();
  } catch (error) {
    onFault(error);
  }
}
