import type { HealthAnswer } from "./health-answer.js";

/** How an answer is judged, in one line. */
export interface Verdict {
  readonly ok: boolean;
  readonly line: string;
}

// Docker keeps the last 4 KB of what a health check printed.
const MAX_LINE = 1000;

/** Judges an answer; of a failing one the line names the state, and each unhealthy check with its reason. */
export function tellAnswer(answer: HealthAnswer): Verdict {
  if ("failure" in answer) return { ok: false, line: `unhealthy: ${answer.failure}`.slice(0, MAX_LINE) };
  const ok = answer.status >= 200 && answer.status < 400;
  const reasons = ok ? [] : reasonsOf(parseBody(answer.body));
  const line = [`${ok ? "healthy" : "unhealthy"}: status ${answer.status}`, ...reasons].join("; ");
  return { ok, line: line.slice(0, MAX_LINE) };
}

interface Body {
  readonly state?: unknown;
  readonly checks?: unknown;
}

function parseBody(text: string): Body {
  try {
    return (JSON.parse(text) as Body | null) ?? {};
  } catch {
    return {};
  }
}

function reasonsOf({ state, checks }: Body): string[] {
  const told = typeof state === "string" ? [`state ${state}`] : [];
  return [...told, ...Object.entries(checks ?? {}).flatMap(([name, check]) => reasonOf(name, check))];
}

function reasonOf(name: string, check: unknown): string[] {
  const { status, reason } = (check ?? {}) as { status?: unknown; reason?: unknown };
  if (status !== "unhealthy") return [];
  return [typeof reason === "string" ? `${name} is unhealthy (${reason})` : `${name} is unhealthy`];
}
