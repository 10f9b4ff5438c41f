import { createAccess } from "./access.js";
import type { Checks } from "./checks/registry.js";
import type { HealthClock } from "./clock.js";
import type { Evaluator, Verdict } from "./evaluate.js";
import { IETF_TYPE, toIetf, wantsIetf } from "./ietf.js";
import type { HealthEndpoint, HealthTarget } from "./paths.js";
import {
  answerJson,
  type HealthAnswer,
  isReading,
  METHOD_ANSWER,
  MISSING_ANSWER,
  retryAfter,
} from "./respond.js";
import type { HealthRequest } from "./router.js";
import type { HealthSettings } from "./settings.js";
import { toBody, toStatus } from "./status.js";
import type { DetailLevel, HealthStatus, HealthWord, Stall } from "./types.js";

/** Answers a target at once, from what is known. */
export type Answer = (target: HealthTarget, req: HealthRequest) => HealthAnswer;

/** What answers are made from. */
export interface AnswerParts {
  readonly settings: HealthSettings;
  readonly evaluator: Evaluator;
  readonly checks: Pick<Checks, "views">;
  readonly clock: HealthClock;
  lastStall(): Stall | undefined;
  fault(error: unknown): void;
}

// The kubelet reads no more.
const MAX_CHARS = 10_000;

/** Makes the answers of all endpoints. */
export function createAnswer(parts: AnswerParts): Answer {
  const { settings, evaluator, checks } = parts;
  const access = createAccess(settings.details, parts.fault);

  function answerEndpoint(endpoint: HealthEndpoint, req: HealthRequest): HealthAnswer {
    const lastStall = endpoint === "live" ? parts.lastStall() : undefined;
    const verdict = { ...evaluator.evaluate(endpoint), lastStall };
    return render(parts, verdict, { req, level: access.levelOf(req, endpoint === "health") });
  }

  function answerCheck(name: string, req: HealthRequest): HealthAnswer {
    const view = checks.views().get(name);
    if (view === undefined || !access.isAuthorized(req)) return MISSING_ANSWER;
    const status = view.word === "unknown" ? "unhealthy" : view.word;
    return render(parts, { status, views: [view] }, { req, level: settings.details.authorized });
  }

  return (target, req) => {
    if (!isReading(req.method)) return METHOD_ANSWER;
    return typeof target === "string" ? answerEndpoint(target, req) : answerCheck(target.check, req);
  };
}

const CODES: Readonly<Record<HealthWord, number>> = { healthy: 200, degraded: 200, unhealthy: 503 };
const LOWER: Readonly<Partial<Record<DetailLevel, DetailLevel>>> = { data: "status", status: "none" };

function render(
  parts: AnswerParts,
  verdict: Verdict,
  { req, level }: { req: HealthRequest; level: DetailLevel },
): HealthAnswer {
  const { settings, clock } = parts;
  const isIetf = wantsIetf(req.headers?.["accept"]);
  const status = toStatus(verdict, level, clock);
  const body = JSON.stringify(isIetf ? ietfOf(parts, status) : toBody(status, level));
  const lower = LOWER[level];
  if (body.length > MAX_CHARS && lower !== undefined) return render(parts, verdict, { req, level: lower });
  const code = settings.statusCodes[verdict.status] ?? CODES[verdict.status];
  return answerJson(code, body, {
    ...(isIetf ? { "content-type": `${IETF_TYPE}; charset=utf-8` } : {}),
    ...(code === 503 ? { "retry-after": retryAfter(verdict.views, clock) } : {}),
  });
}

function ietfOf({ settings: { version }, checks }: AnswerParts, status: HealthStatus): object {
  const views = checks.views();
  return toIetf(status, { version, kindOf: (name) => views.get(name)?.settings.kind });
}
