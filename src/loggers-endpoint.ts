import type { IncomingMessage, ServerResponse } from "node:http";
import type { LevelWithSilent } from "pino";
import { ObservabilityError } from "./errors.js";
import type { ObservedLogger } from "./logging/index.js";
import type { Authorize, Endpoint } from "./management.js";
import { readJson } from "./read-json.js";

type LevelFace = Pick<ObservedLogger, "setLevel" | "componentLevels" | "component">;

/** What the endpoint answers: a status, a body as JSON, the methods that the path takes. */
interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly allow?: string;
}

const PATH = /^\/loggers(?:\/([^?]*))?(?:\?|$)/;
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const MAX_FOR_MS = 2 ** 31 - 1;

/**
 * `/loggers` and `/loggers/:component` in the manner of Spring Boot's Actuator: GET shows levels, POST and PUT set one.
 * Whoever `authorize` does not know is answered 403, whatever was asked; `fault` is told when it throws.
 */
export function loggersEndpoint(
  logger: LevelFace,
  authorize: Authorize,
  fault: (error: unknown) => void,
): Endpoint {
  async function answer(req: IncomingMessage, path: string | undefined): Promise<Answer> {
    if (!(await isAuthorized(req, authorize, fault)))
      return { status: 403, body: { error: "not authorized" } };
    const isRead = req.method === "GET" || req.method === "HEAD";
    if (path === undefined) return isRead ? { status: 200, body: all(logger) } : notAllowed("GET, HEAD");
    const name = decode(path);
    if (name === undefined) return refusal("the path is not percent-encoded as it should be");
    if (isRead) return { status: 200, body: one(logger, name) };
    if (req.method !== "POST" && req.method !== "PUT") return notAllowed("GET, HEAD, POST, PUT");
    return change(logger, name, await readJson(req));
  }

  return (req, res) => {
    const match = PATH.exec(req.url ?? "");
    if (match === null) return false;
    answer(req, match[1] === "" ? undefined : match[1]).then(
      (found) => send(req, res, found),
      (error: unknown) => {
        fault(error);
        res.destroy();
      },
    );
    return true;
  };
}

async function isAuthorized(
  req: IncomingMessage,
  authorize: Authorize,
  fault: (error: unknown) => void,
): Promise<boolean> {
  try {
    return (await authorize(req)) === true;
  } catch (error) {
    fault(error);
    return false;
  }
}

function change(
  logger: LevelFace,
  name: string,
  { value, problem, status }: Awaited<ReturnType<typeof readJson>>,
): Answer {
  if (problem !== undefined) return { status: status ?? 400, body: { error: problem } };
  const body = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const given = "level" in body ? body["level"] : body["configuredLevel"];
  const level = typeof given === "string" ? given.toLowerCase() : given;
  if (level !== null && !LEVELS.includes(level as string))
    return refusal(`level: expected one of ${LEVELS.join(", ")}, or null to take it back`);
  const { forMs } = body;
  if (forMs !== undefined && !(typeof forMs === "number" && forMs > 0 && forMs <= MAX_FOR_MS))
    return refusal(`forMs: expected a number of 1 to ${MAX_FOR_MS} milliseconds`);
  try {
    logger.setLevel(name, level as LevelWithSilent | null, forMs === undefined ? {} : { forMs });
  } catch (error) {
    if (error instanceof ObservabilityError) return refusal(error.message);
    throw error;
  }
  logger.component("telltale").info({ logger: name, to: level, for_ms: forMs }, "log level set");
  return { status: 200, body: one(logger, name) };
}

function all(logger: LevelFace): object {
  const loggers = Object.entries(logger.componentLevels()).map(([name, state]) => [name, shown(state)]);
  return { levels: LEVELS, loggers: Object.fromEntries(loggers) };
}

// The same for one that is not there: it is the level that it would have.
function one(logger: LevelFace, name: string): object {
  const levels = logger.componentLevels();
  const root = levels["root"] as ReturnType<LevelFace["componentLevels"]>[string];
  return shown((Object.hasOwn(levels, name) ? levels[name] : undefined) ?? { level: root.level });
}

function shown({ level, configured, until }: { level: string; configured?: string; until?: string }): object {
  return {
    configuredLevel: configured ?? null,
    effectiveLevel: level,
    ...(until === undefined ? {} : { until }),
  };
}

function send(req: IncomingMessage, res: ServerResponse, { status, body, allow }: Answer): void {
  const text = JSON.stringify(body ?? {});
  res.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(allow === undefined ? {} : { allow }),
    // What is left of a body nobody reads.
    ...(req.complete ? {} : { connection: "close" }),
  });
  res.end(req.method === "HEAD" ? undefined : text);
}

function notAllowed(allow: string): Answer {
  return { status: 405, allow, body: { error: `method not allowed; allowed: ${allow}` } };
}

function refusal(error: string): Answer {
  return { status: 400, body: { error } };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
