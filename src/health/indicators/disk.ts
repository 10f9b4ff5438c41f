import { statfs } from "node:fs/promises";
import { parse } from "node:path";
import type { Indicator } from "../types.js";
import { systemIndicator, type UsageLimits, usageAnswer } from "./system.js";

/** Which disk, and when it is short. */
export interface DiskOptions extends UsageLimits {
  /** Any path on it. Default: the root of the working directory. */
  readonly path?: string;
}

/** What is read of a file system, in blocks. */
export interface DiskSpace {
  readonly blocks: number;
  readonly bfree: number;
  /** Free for those who are not root. */
  readonly bavail: number;
}

/** `{usage}` of the file system as `df` tells it, what is kept for root being used. Degraded from 85 %, unhealthy from 95 %. */
export function disk(
  { path, ...limits }: DiskOptions = {},
  read: (path: string) => Promise<DiskSpace> = statfs,
): Indicator {
  return systemIndicator(async () => {
    const { blocks, bfree, bavail } = await read(path ?? parse(process.cwd()).root);
    const used = blocks - bfree;
    return usageAnswer(used + bavail === 0 ? 0 : used / (used + bavail), limits);
  });
}
