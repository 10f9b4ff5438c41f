import { ObservabilityError } from "../errors.js";
import { type CheckResult, createRunningCheck, type RunningCheck } from "./check.js";
import type { CheckGroup, HealthCheck, HealthCheckOptions, HealthLog, HealthWord } from "./types.js";

/** The verdict on a group of checks. */
export interface Verdict {
  readonly status: HealthWord;
  readonly checks: Record<string, { status: HealthWord }>;
}

/** The registered checks. */
export interface Checks {
  register(name: string, run: HealthCheck, options: HealthCheckOptions): () => void;
  /** Runs what is due of a group, or of all, for at most `timeoutMs`. Never rejects. */
  evaluate(group?: CheckGroup): Promise<Verdict>;
  close(): void;
}

/** What the checks are made of. */
export interface ChecksParts {
  readonly timeoutMs: number;
  readonly log: HealthLog;
  now(): number;
}

interface Entry {
  readonly name: string;
  readonly groups: ReadonlySet<CheckGroup>;
  readonly critical: boolean;
  readonly check: RunningCheck;
  told: HealthWord;
}

const GROUPS: readonly CheckGroup[] = ["live", "ready", "startup"];

/** Makes an empty list of checks. */
export function createChecks(parts: ChecksParts): Checks {
  const entries = new Map<string, Entry>();

  function register(name: string, run: HealthCheck, options: HealthCheckOptions): () => void {
    validate(name, run, options);
    if (entries.has(name)) throw refusal(name, "a name that is taken", "one of its own");
    const { groups = ["ready"], timeoutMs = parts.timeoutMs, critical = true } = options;
    const check = createRunningCheck({
      name,
      run,
      timeoutMs: Math.min(timeoutMs, parts.timeoutMs),
      now: parts.now,
    });
    const entry: Entry = { name, groups: new Set(groups), critical, check, told: "healthy" };
    entries.set(name, entry);
    return () => {
      if (entries.get(name) === entry) entries.delete(name);
      check.stop();
    };
  }

  async function ask(entry: Entry): Promise<readonly [Entry, HealthWord]> {
    const result = await entry.check.result();
    if (result.status !== entry.told) tell(parts.log, entry, result);
    return [entry, result.status];
  }

  async function evaluate(group?: CheckGroup): Promise<Verdict> {
    const asked = [...entries.values()].filter((entry) => group === undefined || entry.groups.has(group));
    const answers = await Promise.all(asked.map(ask));
    const failed = answers.some(([entry, status]) => entry.critical && status === "unhealthy");
    return {
      status: failed ? "unhealthy" : "healthy",
      checks: Object.fromEntries(answers.map(([entry, status]) => [entry.name, { status }])),
    };
  }

  return {
    register,
    evaluate,
    close() {
      for (const { check } of entries.values()) check.stop();
      entries.clear();
    },
  };
}

function tell(log: HealthLog, entry: Entry, result: CheckResult): void {
  const fields = { event: "health_check", check: entry.name, from: entry.told, to: result.status };
  entry.told = result.status;
  if (result.status === "healthy") log.info(fields, "health check recovered");
  else
    log.warn(result.error === undefined ? fields : { ...fields, err: result.error }, "health check failed");
}

function validate(name: string, run: HealthCheck, { groups, timeoutMs }: HealthCheckOptions): void {
  if (typeof name !== "string" || name === "")
    throw refusal("name", JSON.stringify(name), "a text that is not empty");
  if (typeof run !== "function") throw refusal(name, typeof run, "a function");
  const isTime = timeoutMs === undefined || (typeof timeoutMs === "number" && timeoutMs > 0);
  if (!isTime) throw refusal(`${name}.timeoutMs`, String(timeoutMs), "a number of milliseconds above 0");
  const odd = groups?.find((group) => !GROUPS.includes(group));
  if (odd !== undefined) throw refusal(`${name}.groups`, JSON.stringify(odd), GROUPS.join(", "));
}

function refusal(what: string, found: string, expected: string): ObservabilityError {
  return new ObservabilityError(
    "TELLTALE_OPTION",
    `health check ${what}: found ${found}, expected ${expected}`,
  );
}
