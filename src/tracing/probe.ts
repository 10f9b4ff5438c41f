import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { apiGlobals } from "./globals.js";

type ContextApi = Pick<typeof context, "active" | "with">;

const ENTRY = /[\\/]@opentelemetry[\\/]api[\\/]build[\\/]src[\\/]index\.js$/;
const MARK = ROOT_CONTEXT.setValue(Symbol("telltale.probe"), true);

/**
 * One line when a copy of @opentelemetry/api in this process is cut off from what was registered: a copy newer than
 * the first to register reads nothing, an older or newer one registers nothing, and neither says so. Else `undefined`.
 */
export function probeApiCopies(): string | undefined {
  const { version } = apiGlobals();
  if (version === undefined) return undefined;
  const remedy = "Install one copy for all: npm ls @opentelemetry/api, npm dedupe.";
  if (!sees(context))
    return `@opentelemetry/api ${version} registered first and refuses telltale's copy: the service's own spans do not join telltale's. ${remedy}`;
  const blind = loadedCopies().find(([, api]) => !sees(api));
  return (
    blind &&
    `The copy of @opentelemetry/api at ${blind[0]} is newer than the first to register (${version}) and sees no tracer: its spans are lost. ${remedy}`
  );
}

function loadedCopies(): [string, ContextApi][] {
  return Object.entries(require.cache).flatMap(([path, loaded]): [string, ContextApi][] => {
    const api = ENTRY.test(path)
      ? (loaded?.exports as { context?: ContextApi } | undefined)?.context
      : undefined;
    return api === undefined ? [] : [[path, api]];
  });
}

function sees(api: ContextApi): boolean {
  return api.with(MARK, () => api.active() === MARK);
}
