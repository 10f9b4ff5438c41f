import type { Answer } from "./answer.js";
import {
  type HealthEndpoint,
  type HealthTarget,
  listCheckPaths,
  listPaths,
  type PathSettings,
} from "./paths.js";
import type { HealthAnswer } from "./respond.js";
import type { HealthRequest } from "./router.js";

/** The part of a Fastify 4 or 5 instance that is used. */
export interface FastifyInstanceLike {
  readonly prefix?: string;
  readonly initialConfig?: {
    ignoreTrailingSlash?: boolean;
    routerOptions?: { ignoreTrailingSlash?: boolean };
  };
  route(options: object): unknown;
  hasRoute?(options: { url: string; method: string }): boolean;
}

/** `app.register(obs.health.fastify)`, with a `prefix` if need be. */
export type HealthPlugin = (
  instance: FastifyInstanceLike,
  options: { prefix?: string },
  done: (error?: Error) => void,
) => void;

interface Request {
  readonly raw: HealthRequest;
  readonly params: { readonly name?: string };
}

interface Reply {
  code(statusCode: number): Reply;
  headers(headers: object): Reply;
  send(body: string): Reply;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * Makes the plugin. Routes rather than a hook, for a hook does not see unknown paths under a prefix; they answer
 * in `onRequest`, before a body is read. A route that the service has already declared is left to it.
 */
export function createPlugin(settings: PathSettings, answer: Answer): HealthPlugin {
  function telltaleHealth(
    instance: FastifyInstanceLike,
    options: { prefix?: string },
    done: () => void,
  ): void {
    // Fastify does not apply the prefix to a plugin that is not encapsulated.
    const own = options.prefix ?? "";
    const respond =
      (targetOf: (request: Request) => HealthTarget): Respond =>
      async (request, reply) =>
        sendReply(reply, answer(targetOf(request), request.raw));
    const { endpoints, checks } = placesOf(settings, (instance.prefix ?? "") + own);
    for (const [path, endpoint] of endpoints)
      addRoutes(
        instance,
        own + path,
        respond(() => endpoint),
      );
    for (const path of checks)
      addRoutes(
        instance,
        `${own}${path}:name`,
        respond(({ params }) => ({ check: params.name ?? "" })),
      );
    done();
  }

  return Object.assign(telltaleHealth, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "telltale-health",
  });
}

interface Places {
  readonly endpoints: Iterable<readonly [string, HealthEndpoint]>;
  readonly checks: readonly string[];
}

/** The paths under `prefix`. One that ends in the base path, or in /health, stands for the base path itself. */
function placesOf(settings: PathSettings, prefix: string): Places {
  const base = settings.basePath.replace(/\/+$/, "");
  const isBase = prefix !== "" && (base === "" ? prefix.endsWith("/health") : prefix.endsWith(base));
  if (!isBase) return { endpoints: listPaths(settings), checks: listCheckPaths(settings) };
  const bare = { ...settings, basePath: "" };
  return { endpoints: [...listPaths(bare), ["", "health"]], checks: [...listCheckPaths(bare), "/checks/"] };
}

type Respond = (request: Request, reply: Reply) => Promise<Reply>;

/** Both spellings, `/live` and `/live/`, where Fastify tells them apart; a second route would then be refused. */
function addRoutes(instance: FastifyInstanceLike, path: string, respond: Respond): void {
  const spellings = [path, `${path}/`];
  if (!ignoresTrailingSlash(instance))
    for (const url of spellings) addRoute(instance, url, { respond, taken: [url] });
  else addRoute(instance, path, { respond, taken: spellings });
}

function addRoute(
  instance: FastifyInstanceLike,
  url: string,
  { respond, taken }: { respond: Respond; taken: string[] },
): void {
  const base = instance.prefix ?? "";
  const isTaken = (method: string): boolean =>
    taken.some((path) => instance.hasRoute?.({ url: base + path, method }) === true);
  const method = METHODS.filter((name) => !isTaken(name));
  if (method.length === 0) return;
  instance.route({
    method,
    url,
    onRequest: respond,
    handler: respond,
    exposeHeadRoute: false,
    logLevel: "silent",
    schema: { hide: true },
  });
}

function ignoresTrailingSlash({ initialConfig: config }: FastifyInstanceLike): boolean {
  return config?.ignoreTrailingSlash === true || config?.routerOptions?.ignoreTrailingSlash === true;
}

function sendReply(reply: Reply, { statusCode, headers, body }: HealthAnswer): Reply {
  return reply.code(statusCode).headers(headers).send(body);
}
