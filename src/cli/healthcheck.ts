import { parseArgs } from "node:util";
import type { Command } from "./command.js";
import { askHealth } from "./health-answer.js";
import { tellAnswer } from "./health-verdict.js";

const TIMEOUT_MS = 2000;

/** `telltale healthcheck <url>`: 0 when the endpoint answers from 200 to 399 in time, as the kubelet judges; else 1. */
export const healthcheck: Command = {
  usage: [
    "healthcheck [--timeout ms] [--quiet] <url>",
    `--timeout ms   longest wait for the whole answer, milliseconds (default ${TIMEOUT_MS})`,
    "--quiet        prints nothing",
    "",
    "Exits with 0 when the endpoint answers with a status from 200 to 399, else with 1; redirects are not followed.",
  ],
  async run(args, { out, err }) {
    const { url, timeoutMs, quiet } = parse(args);
    const verdict = tellAnswer(await askHealth(url, timeoutMs));
    if (!quiet) (verdict.ok ? out : err)(verdict.line);
    return verdict.ok ? 0 : 1;
  },
};

interface Arguments {
  readonly url: URL;
  readonly timeoutMs: number;
  readonly quiet: boolean;
}

function parse(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { timeout: { type: "string" }, quiet: { type: "boolean", default: false } },
  });
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0)
    throw new Error(`expected one URL, got ${positionals.length}; for example http://localhost:9464/live`);
  return { url: urlOf(given), timeoutMs: timeoutOf(values.timeout), quiet: values.quiet };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new Error(`expected a URL with http:// or https://, got "${text}"`);
}

function timeoutOf(text: string | undefined): number {
  if (text === undefined) return TIMEOUT_MS;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`--timeout: expected a whole number of at least 1 (milliseconds), got "${text}"`);
}
