import type { CheckKind, CheckReport, CheckWord, HealthStatus } from "./types.js";

/** The media type of draft-inadarei-api-health-check. */
export const IETF_TYPE = "application/health+json";

const WORDS: Readonly<Record<CheckWord, string>> = {
  healthy: "pass",
  degraded: "warn",
  unhealthy: "fail",
  unknown: "warn",
};
const PERCENT = /^(\d+(?:\.\d+)?)%$/;
const OWN_KEYS: readonly string[] = ["status", "reason", "error", "meta"];

/** What the form needs besides the status. */
export interface IetfParts {
  readonly version: string | undefined;
  kindOf(check: string): CheckKind | undefined;
}

/** True when a request asks for that form by name. */
export function wantsIetf(accept: unknown): boolean {
  return typeof accept === "string" && accept.toLowerCase().includes(IETF_TYPE);
}

/** A status in that form: each number of a check is a measurement of its own. */
export function toIetf({ status, state, timestamp, checks }: HealthStatus, parts: IetfParts): object {
  const measured = Object.entries(checks).flatMap(([name, report]) =>
    measurementsOf(report).map(([key, value]) => [
      key === "" ? name : `${name}:${key}`,
      [{ ...(parts.kindOf(name) === "system" ? SYSTEM : COMPONENT), ...value, time: timestamp }],
    ]),
  );
  return {
    status: WORDS[status],
    ...(parts.version === undefined ? {} : { version: parts.version }),
    ...(state === undefined ? {} : { output: state }),
    ...(measured.length === 0 ? {} : { checks: Object.fromEntries(measured) }),
  };
}

const SYSTEM = { componentType: "system" };
const COMPONENT = { componentType: "component" };

function measurementsOf(report: CheckReport): [string, object][] {
  const { status, reason, error } = report;
  const output = error ?? reason;
  const base = { status: WORDS[status], ...(output === undefined ? {} : { output }) };
  const data = Object.entries(report).filter(([key]) => !OWN_KEYS.includes(key));
  if (data.length === 0) return [["", base]];
  return data.map(([key, value]) => {
    const percent = typeof value === "string" ? PERCENT.exec(value)?.[1] : undefined;
    if (percent === undefined) return [key, { ...base, observedValue: value }];
    const name = key === "usage" ? "utilization" : key;
    return [name, { ...base, observedValue: Number(percent), observedUnit: "percent" }];
  });
}
