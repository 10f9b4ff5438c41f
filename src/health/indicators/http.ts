import type { CheckContext, HealthCheckOptions, Indicator } from "../types.js";

/** How a service is asked. */
export interface HttpOptions {
  /** Which status codes are well. Default: 200 to 299. */
  readonly expect?: (statusCode: number) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEPENDENCY: HealthCheckOptions = { kind: "dependency" };
const NO_HEAD: readonly number[] = [405, 501];

/** Asks a service by HEAD, or by GET where it knows no HEAD; the body is not read. `{statusCode}` */
export function http(url: string | URL, options: HttpOptions = {}): Indicator {
  const { expect = (code) => code >= 200 && code < 300, headers = {} } = options;

  async function ask(method: string, signal: AbortSignal): Promise<number> {
    const response = await fetch(url, { method, headers: { ...headers }, signal });
    await response.body?.cancel();
    return response.status;
  }

  const check = async ({ signal }: CheckContext): Promise<object> => {
    const first = await ask("HEAD", signal);
    const statusCode = NO_HEAD.includes(first) ? await ask("GET", signal) : first;
    return { status: expect(statusCode) ? "healthy" : "unhealthy", statusCode };
  };
  return Object.assign(check, { options: DEPENDENCY });
}
