import { validateHeaderName, validateHeaderValue } from "node:http";
import { ObservabilityError } from "../../errors.js";
import type { PushOptions, PushSettings, PushTarget } from "./types.js";

/** What is not in the options of a push: who sends. */
export interface PushSender {
  readonly service: string;
  /** Tells this process from all others. */
  readonly instance: string;
  /** Attributes of the resource beside name and instance. */
  readonly resource: Readonly<Record<string, string>>;
}

const TARGETS: readonly PushTarget[] = ["pushgateway", "remote-write", "otlp"];
const METHODS = ["PUT", "POST"];
const OTLP_URL = "http://localhost:4318";
const OTLP_PATH = "/v1/metrics";
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const DEFAULTS = {
  timeoutMs: 10_000,
  intervalMs: 0,
  closeTimeoutMs: 2000,
  maxSamplesPerRequest: 2000,
} as const;

/** Checks the options of a push and fills in its defaults. Throws TELLTALE_OPTION on the first bad one. */
export function pushSettings(options: PushOptions, sender: PushSender): PushSettings {
  const { to, instance = sender.instance, job = sender.service, method = "PUT" } = options;
  demand("to", TARGETS.includes(to), { found: to, expected: `one of ${quoted(TARGETS)}` });
  demand("method", METHODS.includes(method), { found: method, expected: `one of ${quoted(METHODS)}` });
  demand("job", isText(job), { found: job, expected: "a non-empty string" });
  const isInstance = instance === false || isText(instance);
  demand("instance", isInstance, { found: instance, expected: "a non-empty string, or false" });
  const intervalMs = whole(options, "intervalMs", 0);
  return {
    to,
    job,
    method,
    url: urlOf(options),
    instance: instance === false ? undefined : instance,
    grouping: groupingOf(options),
    resource: { ...sender.resource, ...texts("resource", options.resource) },
    headers: headersOf(options.headers),
    intervalMs,
    timeoutMs: whole(options, "timeoutMs", 1),
    closeTimeoutMs: whole(options, "closeTimeoutMs", 1),
    maxSamplesPerRequest: whole(options, "maxSamplesPerRequest", 1),
    gzip: flag(options, "gzip", false),
    pushOnClose: flag(options, "pushOnClose", true),
    onExit: flag(options, "onExit", false),
    staleOnClose: flag(options, "staleOnClose", intervalMs > 0),
    deleteOnClose: flag(options, "deleteOnClose", false),
  };
}

function urlOf({ to, url = to === "otlp" ? OTLP_URL : undefined }: PushOptions): URL {
  const isUrl = typeof url === "string" && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  // Whoever reads the message need not see the password.
  const found = typeof url === "string" ? url.replace(/\/\/[^/@]*@/, "//***@") : url;
  demand("url", isUrl, { found, expected: "an http:// or https:// URL" });
  const parsed = new URL(url as string);
  if (to === "otlp" && parsed.pathname === "/") parsed.pathname = OTLP_PATH;
  return parsed;
}

function groupingOf({ to, grouping }: PushOptions): Readonly<Record<string, string>> {
  const labels = texts("grouping", grouping);
  const isForGateway = to === "pushgateway" || Object.keys(labels).length === 0;
  demand("grouping", isForGateway, { found: labels, expected: "none: only a Pushgateway has groups" });
  for (const name of Object.keys(labels)) {
    const isFree = LABEL_NAME.test(name) && name !== "job" && name !== "instance";
    const expected = "letters, digits and _, not job and not instance, which have options of their own";
    demand(`grouping label`, isFree, { found: name, expected });
  }
  return labels;
}

function headersOf(given: PushOptions["headers"]): Readonly<Record<string, string>> {
  const headers = Object.entries(texts("headers", given)).map(([name, value]) => [name.toLowerCase(), value]);
  for (const [name, value] of headers as [string, string][]) {
    demand("headers", isHeader(name, value), { found: name, expected: "names and values that HTTP allows" });
  }
  return Object.fromEntries(headers);
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function texts(option: string, value: unknown = {}): Readonly<Record<string, string>> {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const isTexts = isMap && Object.values(value).every((one) => typeof one === "string");
  demand(option, isTexts, { found: value, expected: "an object of strings" });
  return value as Record<string, string>;
}

function whole(options: PushOptions, option: keyof typeof DEFAULTS, least: number): number {
  const value = options[option] ?? DEFAULTS[option];
  const isWhole = Number.isSafeInteger(value) && value >= least && value <= LONGEST_TIMER_MS;
  demand(option, isWhole, { found: value, expected: `a whole number from ${least} to ${LONGEST_TIMER_MS}` });
  return value;
}

function flag(
  options: PushOptions,
  option: "gzip" | "pushOnClose" | "onExit" | "staleOnClose" | "deleteOnClose",
  fallback: boolean,
): boolean {
  const value = options[option] ?? fallback;
  demand(option, typeof value === "boolean", { found: value, expected: "true or false" });
  return value;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}

function demand(
  option: string,
  holds: boolean,
  { found, expected }: { found: unknown; expected: string },
): void {
  if (holds) return;
  const shown = typeof found === "string" ? JSON.stringify(found) : describe(found);
  throw new ObservabilityError(
    "TELLTALE_OPTION",
    `metrics.push: ${option}: found ${shown}; expected ${expected}.`,
  );
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
