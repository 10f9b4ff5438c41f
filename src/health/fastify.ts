import { listPaths } from "./paths.js";
import type { HealthAnswer } from "./respond.js";
import type { Answer } from "./router.js";

/** The part of a Fastify 4 or 5 instance that is used. */
export interface FastifyInstanceLike {
  readonly prefix?: string;
  route(options: object): unknown;
  hasRoute?(options: { url: string; method: string }): boolean;
}

/** `app.register(obs.health.fastify)`, with a `prefix` if need be. */
export type HealthPlugin = (instance: FastifyInstanceLike, options: { prefix?: string }, done: (error?: Error) => void) => void;

interface Request {
  readonly raw: object;
  readonly method: string;
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
export function createPlugin(basePath: string, answer: Answer): HealthPlugin {
  const paths = listPaths(basePath);

  function telltaleHealth(instance: FastifyInstanceLike, options: { prefix?: string }, done: () => void): void {
    // Fastify does not apply the prefix to a plugin that is not encapsulated.
    const prefix = options.prefix ?? "";
    for (const [path, endpoint] of paths) {
      const respond = async ({ raw, method }: Request, reply: Reply): Promise<Reply> =>
        sendReply(reply, await answer(endpoint, { raw, method }));
      addRoute(instance, prefix + path, respond);
      addRoute(instance, `${prefix}${path}/`, respond);
    }
    done();
  }

  return Object.assign(telltaleHealth, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "telltale-health",
  });
}

function addRoute(instance: FastifyInstanceLike, url: string, onRequest: (request: Request, reply: Reply) => Promise<Reply>): void {
  const full = (instance.prefix ?? "") + url;
  const method = METHODS.filter((name) => instance.hasRoute?.({ url: full, method: name }) !== true);
  if (method.length === 0) return;
  instance.route({ method, url, onRequest, handler: onRequest, exposeHeadRoute: false, logLevel: "silent", schema: { hide: true } });
}

function sendReply(reply: Reply, { statusCode, headers, body }: HealthAnswer): Reply {
  return reply.code(statusCode).headers(headers).send(body);
}
