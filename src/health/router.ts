import { createFindEndpoint, type HealthEndpoint } from "./paths.js";
import { type HealthAnswer, type HealthResponse, send } from "./respond.js";

/** The part of a request that node:http and Express share. */
export interface HealthRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** Answers an endpoint; never rejects. */
export type Answer = (
  endpoint: HealthEndpoint,
  request: { raw: object; method: string | undefined },
) => Promise<HealthAnswer>;

/** Express middleware. */
export type HealthMiddleware = (req: HealthRequest, res: HealthResponse, next: () => void) => void;

/** What Express adds to a request. */
interface Mounted extends HealthRequest {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
}

/** The Express middleware and the node:http handler. */
export interface HealthRoutes {
  middleware: HealthMiddleware;
  handler(req: HealthRequest, res: HealthResponse): boolean;
}

/** Makes both over one look-up; `fault` hears of a response that could not be sent. */
export function createRoutes(
  basePath: string,
  answer: Answer,
  fault: (error: unknown) => void,
): HealthRoutes {
  const find = createFindEndpoint(basePath);

  async function serve(endpoint: HealthEndpoint, req: HealthRequest, res: HealthResponse): Promise<void> {
    try {
      send(res, await answer(endpoint, { raw: req, method: req.method }), req.method);
    } catch (error) {
      fault(error);
    }
  }

  /** The whole URL first, then what a mount left of it; a mount that itself ends in /health is the overview. */
  function findMounted({ url = "/", originalUrl = url, baseUrl = "" }: Mounted): HealthEndpoint | undefined {
    return (
      find(originalUrl) ?? find(url) ?? (baseUrl.endsWith("/health") ? find(`/health${url}`) : undefined)
    );
  }

  function handler(req: HealthRequest, res: HealthResponse): boolean {
    const endpoint = find(req.url ?? "/");
    if (endpoint === undefined) return false;
    void serve(endpoint, req, res);
    return true;
  }

  function telltaleHealth(req: HealthRequest, res: HealthResponse, next: () => void): void {
    const endpoint = findMounted(req);
    if (endpoint === undefined) return next();
    void serve(endpoint, req, res);
  }

  return { middleware: telltaleHealth, handler };
}
