import { redactValue } from "../logging/index.js";
import type { CheckView } from "./checks/views.js";
import type { HealthClock } from "./clock.js";
import type { CheckMeta, CheckReport, DataValue, DetailLevel } from "./types.js";

const LEVELS: readonly DetailLevel[] = ["none", "status", "data", "full"];

// A number with a short unit. Any other text may be an address, a name or what an error said.
const MEASURE = /^-?\d{1,15}(\.\d{1,6})?\s?[%A-Za-zµ/]{0,8}$/;

/** The lower of two levels. */
export function lowerLevel(a: DetailLevel, b: DetailLevel): DetailLevel {
  return LEVELS.indexOf(a) < LEVELS.indexOf(b) ? a : b;
}

/** Shows some checks at a level; none at all at `none`. */
export function presentAll(
  views: readonly CheckView[],
  level: DetailLevel,
  clock: HealthClock,
): Record<string, CheckReport> {
  if (level === "none") return {};
  return Object.fromEntries(views.map((view) => [view.name, presentCheck(view, level, clock)]));
}

/** Shows one check at a level. */
export function presentCheck(view: CheckView, level: DetailLevel, clock: HealthClock): CheckReport {
  const { word: status, reason } = view;
  const why = status === "healthy" || reason === undefined ? {} : { reason };
  if (level === "none" || level === "status") return { status, ...why };
  const isCurrent = status !== "unknown" && reason !== "stale";
  const data = isCurrent ? dataAt(view, level) : {};
  if (level === "data") return { status, ...data, ...why };
  const { error } = view;
  return {
    status,
    ...data,
    ...why,
    ...(error === undefined ? {} : { error: errorText(error) }),
    meta: metaOf(view, clock),
  };
}

function dataAt({ data }: CheckView, level: DetailLevel): object {
  if (level === "full") return redactValue(data) as object;
  return Object.fromEntries(Object.entries(data).filter(([, value]) => isNumber(value)));
}

function isNumber(value: DataValue): boolean {
  return typeof value === "string" ? MEASURE.test(value) : true;
}

function errorText(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return String(redactValue(text)).slice(0, 500);
  } catch {
    return "an error that cannot be shown";
  }
}

function metaOf(view: CheckView, clock: HealthClock): CheckMeta {
  const since = clock.wall() - clock.now();
  const time = (ms: number | undefined): string | null =>
    ms === undefined ? null : new Date(Math.round(since + ms)).toISOString();
  return {
    durationMs: view.durationMs === undefined ? null : Math.round(view.durationMs * 10) / 10,
    lastRunAt: time(view.lastRunMs),
    lastSuccessAt: time(view.lastSuccessMs),
    nextRunAt: time(view.nextRunMs),
    consecutiveFailures: view.failures,
    circuit: view.circuit,
    critical: view.settings.critical,
    groups: [...view.settings.groups],
  };
}
