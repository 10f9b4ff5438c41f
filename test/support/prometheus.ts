import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { type Background, type Running, startBackground } from "./background.js";
import { findProgram } from "./prometheus-programs.js";

/** What a Prometheus is started with. */
export interface PrometheusOptions {
  /** Targets on 127.0.0.1, scraped each second; each is a job of its own. Default: none. */
  readonly scrape?: readonly ScrapeTarget[];
  /** Feature flags: `native-histograms`, `exemplar-storage` … Default: none. */
  readonly features?: readonly string[];
  /** Receives remote write on `/api/v1/write`. Default: false. */
  readonly remoteWrite?: boolean;
}

/** One target of a Prometheus. */
export interface ScrapeTarget {
  readonly port: number;
  /** Default: `/metrics`. */
  readonly path?: string;
  /** Query parameters, each with its values. */
  readonly params?: Readonly<Record<string, readonly string[]>>;
  /** Value of the label `job`. Default: `job0`, `job1` … in the order of the targets. */
  readonly job?: string;
  /** Labels of the target win over those that Prometheus would set. Default: false. */
  readonly honorLabels?: boolean;
}

/** One series of an instant query. */
export interface QueriedSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where the series is a native histogram. */
  readonly value: number;
  /** A native histogram as the API shows it. */
  readonly histogram?: { readonly count: string; readonly sum: string };
}

/** A Prometheus that runs until the test file is over. */
export interface Prometheus {
  readonly url: string;
  /** The instant vector or scalar of an expression. */
  query(promql: string): Promise<QueriedSeries[]>;
  /** The `data` of an answer, such as that of `/api/v1/targets`. */
  api(path: string): Promise<unknown>;
  /** Waits until every target was scraped after this call. The first scrape takes about 8 s: targets are found every 5 s. */
  scraped(): Promise<void>;
  stop(): Promise<void>;
}

const SCRAPE_PATIENCE = { timeout: 20_000, interval: 50 };
// Prometheus may move a scrape's time by 2 ms.
const ALIGNMENT_MS = 5;

/** Starts a Prometheus on a free port with a data folder of its own. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<Prometheus> {
  const program = await findProgram("prometheus");
  const server = await startBackground({
    program,
    readyPath: "/-/ready",
    args: (where) => argumentsOf(options, where),
  });
  const api = (path: string): Promise<unknown> => ask(server.url + path);
  const query = async (promql: string): Promise<QueriedSeries[]> =>
    toSeries((await api(`/api/v1/query?query=${encodeURIComponent(promql)}`)) as QueryData);
  return {
    url: server.url,
    api,
    query,
    stop: server.stop,
    async scraped() {
      const since = (Date.now() + ALIGNMENT_MS) / 1000;
      const targets = options.scrape?.length ?? 0;
      const isLater = `count(timestamp(up) > ${since}) or vector(0)`;
      await expect.poll(async () => (await query(isLater))[0]?.value, SCRAPE_PATIENCE).toBe(targets);
    },
  };
}

/** Starts a Pushgateway on a free port. */
export async function startPushgateway(): Promise<Running> {
  return startBackground({
    program: await findProgram("prometheus-pushgateway"),
    readyPath: "/-/ready",
    args: ({ port }) => [`--web.listen-address=127.0.0.1:${port}`, "--log.level=warn"],
  });
}

/** Runs promtool to its end; it is given `input` where it reads stdin. */
export async function promtool(
  args: readonly string[],
  input = "",
): Promise<{ code: number; output: string }> {
  const child = spawn(await findProgram("promtool"), args, { stdio: ["pipe", "pipe", "pipe"] });
  // It may have refused its arguments before it read anything.
  child.stdin.on("error", () => undefined).end(input);
  const code = new Promise<number>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const printed = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, output: printed.join("") };
}

function argumentsOf(options: PrometheusOptions, { port, folder }: Background): string[] {
  const file = join(folder, "prometheus.yml");
  writeFileSync(file, JSON.stringify(configOf(options)));
  return [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
    ...(options.features === undefined ? [] : [`--enable-feature=${options.features.join(",")}`]),
    ...(options.remoteWrite === true ? ["--web.enable-remote-write-receiver"] : []),
  ];
}

// JSON is YAML.
function configOf({ scrape = [] }: PrometheusOptions): object {
  return {
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
    scrape_configs: scrape.map((target, i) => ({
      job_name: target.job ?? `job${i}`,
      metrics_path: target.path ?? "/metrics",
      honor_labels: target.honorLabels ?? false,
      params: target.params ?? {},
      static_configs: [{ targets: [`127.0.0.1:${target.port}`] }],
    })),
  };
}

interface QueryData {
  readonly resultType: "vector" | "scalar" | "matrix" | "string";
  readonly result: unknown;
}

interface VectorElement {
  readonly metric: Record<string, string>;
  readonly value?: [number, string];
  readonly histogram?: [number, { count: string; sum: string }];
}

async function ask(url: string): Promise<unknown> {
  const answer = (await (await fetch(url)).json()) as { status: string; data?: unknown; error?: string };
  if (answer.status !== "success") throw new Error(`${url}: ${answer.error}`);
  return answer.data;
}

function toSeries({ resultType, result }: QueryData): QueriedSeries[] {
  if (resultType === "scalar") return [{ labels: {}, value: toNumber((result as [number, string])[1]) }];
  if (resultType !== "vector") throw new Error(`found a ${resultType}; ask api() for it`);
  return (result as VectorElement[]).map(({ metric, value, histogram }) => ({
    labels: metric,
    value: value === undefined ? Number.NaN : toNumber(value[1]),
    ...(histogram === undefined ? {} : { histogram: histogram[1] }),
  }));
}

function toNumber(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
