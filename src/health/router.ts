import type { Answer } from "./answer.js";
import { createFindTarget, type HealthTarget, type PathSettings } from "./paths.js";
import { type HealthResponse, send } from "./respond.js";

/** The part of a request that node:http, Express and Fastify's `raw` share. */
export interface HealthRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Express middleware. */
export type HealthMiddleware = (req: HealthRequest, res: HealthResponse, next: () => void) => void;

/** What frameworks that mount add to a request. */
interface Mounted extends HealthRequest {
  readonly originalUrl?: string;
}

/** The Express middleware and the node:http handler. */
export interface HealthRoutes {
  middleware: HealthMiddleware;
  handler(req: HealthRequest, res: HealthResponse): boolean;
}

const BARE: PathSettings = { basePath: "", paths: {}, kubernetesPaths: false };

/** Makes both over one look-up; `fault` hears of an answer that could not be sent. */
export function createRoutes(
  settings: PathSettings,
  answer: Answer,
  fault: (error: unknown) => void,
): HealthRoutes {
  const find = createFindMounted(settings);

  function serve(target: HealthTarget, req: HealthRequest, res: HealthResponse): void {
    try {
      send(res, answer(target, req), req.method);
    } catch (error) {
      fault(error);
    }
  }

  function handler(req: HealthRequest, res: HealthResponse): boolean {
    const target = find(req);
    if (target === undefined) return false;
    serve(target, req, res);
    return true;
  }

  function telltaleHealth(req: HealthRequest, res: HealthResponse, next: () => void): void {
    if (!handler(req, res)) next();
  }

  return { middleware: telltaleHealth, handler };
}

/** The whole URL first, then what a mount left of it; a mount that itself ends in /health is the overview. */
function createFindMounted(settings: PathSettings): (req: Mounted) => HealthTarget | undefined {
  const find = createFindTarget(settings);
  const findBare = createFindTarget({ ...settings, basePath: "" });
  const findDefault = createFindTarget(BARE);
  return ({ url = "/", originalUrl = url }) => {
    const target = find(originalUrl);
    if (target !== undefined || url === originalUrl) return target;
    const mount = mountOf(originalUrl, url);
    return findBare(url) ?? (mount.endsWith("/health") ? findDefault(`/health${url}`) : undefined);
  };
}

function mountOf(originalUrl: string, url: string): string {
  const whole = pathOf(originalUrl);
  const rest = pathOf(url).replace(/\/$/, "");
  return whole.replace(/\/$/, "").slice(0, rest === "" ? undefined : -rest.length);
}

function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}
