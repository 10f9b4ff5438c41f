import type { CacheResult } from "./index.js";

// Commands that look something up: nothing found is a miss.
const LOOKUPS = new Set(
  "get getex getdel getrange hget hmget hgetall hgetex hgetdel mget json.get json.mget lindex zscore".split(
    " ",
  ),
);

/** What a server is told while a connection is made: not the service's doing. */
export const HANDSHAKE: ReadonlySet<string> = new Set([
  "hello",
  "auth",
  "client",
  "info",
  "select",
  "readonly",
]);

// They wait for somebody else's doing, as long as they were told to.
const WAITING = /^(?:b[lrz]|wait|xread|subscribe|psubscribe|ssubscribe|monitor)/;

/** From how long on a command is slow, milliseconds: never, where it is made to wait. */
export function patience(slowMs: number): (command: string) => number {
  return (command) => (WAITING.test(command) ? Number.POSITIVE_INFINITY : slowMs);
}

/** What a reply means for the counts; of its content only whether there is any is looked at. */
export function resultOf(command: string, reply: unknown): CacheResult {
  if (!LOOKUPS.has(command) || isQueued(reply)) return "ok";
  return isNothing(reply) ? "miss" : "hit";
}

// Inside MULTI a command is only taken note of.
function isQueued(reply: unknown): boolean {
  return (
    reply === "QUEUED" || (Buffer.isBuffer(reply) && reply.length === 6 && reply.toString() === "QUEUED")
  );
}

function isNothing(reply: unknown): boolean {
  if (reply === null || reply === undefined || reply === "") return true;
  if (Array.isArray(reply)) return reply.every((item) => item === null);
  if (reply instanceof Map) return reply.size === 0;
  if (Buffer.isBuffer(reply)) return reply.length === 0;
  return typeof reply === "object" && Object.keys(reply).length === 0;
}

/** The class of a failure: the prefix that Redis gives its errors, else the code of the system, else the error's name. */
export function errorClassOf(error: unknown): string {
  if (!(error instanceof Error)) return "Error";
  const [, prefix] = /^([A-Z][A-Z0-9_]{1,31})(?: |$)/.exec(error.message) ?? [];
  const { code } = error as { code?: unknown };
  return prefix ?? (typeof code === "string" ? code : error.constructor.name);
}
