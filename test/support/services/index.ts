import { mariadb } from "./mariadb.js";
import { redis } from "./redis.js";
import { findOrStart } from "./run.js";
import type { Service } from "./service.js";

/** Every server that tests may ask for; a new one is a file and a line here. */
const SERVICES = { redis, mariadb } as const satisfies Record<string, Service>;

/**
 * The URL of a server: that of its environment variable, else where it usually listens, else of one that this run has
 * started, shared by its test files and stopped with it. Rejects with what is missing and how to get it.
 */
export function serviceUrl(name: keyof typeof SERVICES): Promise<string> {
  return findOrStart(SERVICES[name]);
}
