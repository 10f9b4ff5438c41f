import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { anchorOf } from "./group-key.js";
import { isRunning, isSource, stateOf } from "./group-source.js";

/** Where the processes of one group meet. */
export interface GroupFolder {
  readonly path: string;
  /** Number of the newest place where a hub listened; 0 for none. It never goes down. */
  newest(): number;
  /** True while the hub that listens at this place is the one that others find. */
  isCurrent(place: number): boolean;
  /** Address of a place. */
  address(place: number): string;
  /** Notes that a hub listens here, so that nobody takes this place or one before it again. */
  mark(place: number): void;
  /** Removes the folders of groups whose processes are all gone. Never rejects. */
  sweep(): Promise<void>;
}

/** The system's limit is 108 bytes on Linux and 104 on macOS, its end included. */
const MAX_ADDRESS_BYTES = 103;
const IS_WINDOWS = process.platform === "win32";
const SETTLED_MS = 60_000;
const PLACE = /^(\d+)\.(?:sock|place)$/;

/**
 * Opens, or makes, the folder of a group: for this user alone, below the system's folder for temporary files. Throws
 * when that cannot be had, or is somebody else's.
 */
export function openGroupFolder(name: string, temporary: string = tmpdir()): GroupFolder {
  const base = openBase(temporary, name);
  const path = join(base, name);
  mkdirSync(path, { mode: 0o700, recursive: true });
  // A pipe of Windows goes with its process: there is one place, and no file that could be stale.
  const newest = (): number => (IS_WINDOWS ? 1 : Math.max(0, ...readdirSync(path).map(placeOf)));
  const address = (place: number): string =>
    IS_WINDOWS ? `\\\\.\\pipe\\telltale-${userInfo().username}-${name}` : addressIn(path, place);

  return {
    path,
    newest,
    address,
    isCurrent: (place) => IS_WINDOWS || (newest() === place && existsSync(address(place))),
    mark(place) {
      writeFileSync(join(path, `${place}.place`), "", { mode: 0o600 });
      for (const file of readdirSync(path))
        if (PLACE.test(file) && placeOf(file) < place) rmSync(join(path, file), { force: true });
    },
    sweep: () => sweep(base, name).catch(() => undefined),
  };
}

const addressIn = (path: string, place: number): string => join(path, `${place}.sock`);
const placeOf = (file: string): number => Number(PLACE.exec(file)?.[1] ?? 0);

function openBase(temporary: string, name: string): string {
  const user = process.getuid?.() ?? 0;
  const bases = [temporary, "/tmp"].map((folder) => join(folder, `telltale-${user}`));
  const fits = (base: string): boolean =>
    IS_WINDOWS || Buffer.byteLength(addressIn(join(base, name), 999_999)) <= MAX_ADDRESS_BYTES;
  const base = bases.find(fits);
  if (base === undefined) throw new Error(`the path of ${temporary} is too long for a socket`);
  mkdirSync(base, { mode: 0o700, recursive: true });
  if (!IS_WINDOWS) checkOwner(base, user);
  return base;
}

function checkOwner(base: string, user: number): void {
  const found = lstatSync(base);
  if (found.isDirectory() && found.uid === user && (found.mode & 0o077) === 0) return;
  throw new Error(`${base} is not a folder that belongs to user ${user} alone`);
}

async function sweep(base: string, own: string): Promise<void> {
  for (const folder of readdirSync(base)) {
    if (folder !== own && (await isAbandoned(join(base, folder), folder)))
      await rm(join(base, folder), { recursive: true, force: true });
  }
}

async function isAbandoned(path: string, folder: string): Promise<boolean> {
  const anchor = anchorOf(folder);
  if (anchor !== undefined) {
    const state = stateOf(anchor.pid);
    return !state.isAlive || state.start !== anchor.start;
  }
  // A group that has just begun has told nothing yet.
  if (Date.now() - (await stat(path)).mtimeMs < SETTLED_MS) return false;
  return !hasMembers(path);
}

/** True when a process that once told something in this folder still runs. */
export function hasMembers(path: string): boolean {
  return readdirSync(path)
    .map((file) => file.slice(0, file.lastIndexOf(".")))
    .some((source) => isSource(source) && isRunning(source));
}
