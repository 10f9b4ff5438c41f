import { appendFile, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { decodeFrames, encodeFrame, FRAME } from "./frames.js";
import { isSource } from "./group-source.js";

/** What was told, as bytes. */
export interface Told {
  readonly payload: Buffer;
  /** True when it is everything, and not what changed. */
  readonly isWhole: boolean;
}

/** What a group's retired processes left. */
export interface Estate {
  /** Sources that it includes, whose own files may still be there. */
  readonly buried: readonly string[];
  readonly update: object;
}

/** What the hub knows, on disk: a file for each source, one for all that are retired. A hub that takes over reads it. */
export interface HubLog {
  /** Keeps what a source told. Rejects when it cannot be written; then a whole answer is wanted. */
  keep(source: string, told: Told): Promise<void>;
  /** True when the source's next answer should be whole: its file is missing, broken or grown. */
  wantsWhole(source: string): boolean;
  /** What a source told, in order. */
  read(source: string): Promise<Told[]>;
  /** What a source left on leaving in order. */
  lastWords(source: string): Promise<Buffer | undefined>;
  /** Writes what the retired left, then removes the files of `source`, which is one of them. */
  bury(source: string, update: object): Promise<void>;
  estate(): Promise<Estate | undefined>;
  /** Every source with a file, or with one of last words only. */
  sources(end?: "last"): Promise<string[]>;
  /** Removes everything. */
  clear(): Promise<void>;
}

interface FileSize {
  readonly wholeBytes: number;
  bytes: number;
}

/** A file is written anew when it is this many times as large as what it tells, and not just small. */
const GROWTH = 4;
const SMALL_BYTES = 64 * 1024;
const ANY = /^(.+)\.(?:log|last)$/;
const LAST = /^(.+)\.last$/;
const PRIVATE = { mode: 0o600 };

/** Makes the log in a group's folder. */
export function createHubLog(folder: string): HubLog {
  const sizes = new Map<string, FileSize>();
  const buried = new Set<string>();
  const fileOf = (name: string): string => join(folder, name);

  async function replace(name: string, bytes: Buffer): Promise<void> {
    await writeFile(fileOf(`${name}.new`), bytes, PRIVATE);
    await rename(fileOf(`${name}.new`), fileOf(name));
  }

  async function write(source: string, { payload, isWhole }: Told): Promise<void> {
    const frame = encodeFrame(isWhole ? FRAME.whole : FRAME.update, payload);
    const size = sizes.get(source);
    sizes.delete(source);
    if (isWhole) await replace(`${source}.log`, frame);
    else if (size === undefined) return;
    else await appendFile(fileOf(`${source}.log`), frame, PRIVATE);
    const before = isWhole ? { wholeBytes: frame.length, bytes: 0 } : (size as FileSize);
    sizes.set(source, { ...before, bytes: before.bytes + frame.length });
  }

  return {
    keep: write,
    wantsWhole(source) {
      const size = sizes.get(source);
      return size === undefined || size.bytes > GROWTH * size.wholeBytes + SMALL_BYTES;
    },
    async read(source) {
      const frames = decodeFrames((await readIfThere(fileOf(`${source}.log`))) ?? Buffer.alloc(0));
      return frames.map(({ kind, payload }) => ({ payload, isWhole: kind === FRAME.whole }));
    },
    lastWords: (source) => readIfThere(fileOf(`${source}.last`)),
    async bury(source, update) {
      buried.add(source);
      await replace("estate", serialize({ buried: [...buried], update } satisfies Estate));
      for (const end of ["log", "last"]) await rm(fileOf(`${source}.${end}`), { force: true });
      sizes.delete(source);
      buried.delete(source);
    },
    async estate() {
      const bytes = await readIfThere(fileOf("estate"));
      return bytes === undefined ? undefined : (deserialize(bytes) as Estate);
    },
    async sources(end) {
      const files = await readdir(folder);
      const names = files.map((file) => (end === undefined ? ANY : LAST).exec(file)?.[1]);
      return [...new Set(names.filter(isSource))];
    },
    async clear() {
      const files = (await readdir(folder)).filter((file) => !/\.(?:sock|place)$/.test(file));
      for (const file of files) await rm(fileOf(file), { force: true });
    },
  };
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
