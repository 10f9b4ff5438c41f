// CPU per request that tracing adds to a bare service: one process a variant, all alive at once, loaded in turn, round
// after round, so that noise of the machine falls on all of them alike. The collector is a process of its own.
//   node traces.mjs [express|fastify] [rounds] [requests] [variant,variant…]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { figure, report, table } from "./lib/report.mjs";
import { median } from "./lib/variants.mjs";

const [, , framework = "express", roundCount = "9", requests = "3000", only = ""] = process.argv;
const HOWS = ["off", "1%", "null", "otlp", "jaeger", "dead", "hung"];
const RIVALS = ["off", "1%", "null", "otlp", "jaeger"];
const VARIANTS =
  only === ""
    ? ["bare", ...HOWS.map((how) => `telltale ${how}`), ...RIVALS.map((how) => `opentelemetry ${how}`)]
    : only.split(",");
// Longer than a batch waits: what a request costs is in its reading.
const SETTLE_MS = 400;

function run(script, args) {
  const file = fileURLToPath(new URL(`./traces/${script}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  return { child, lines: createInterface({ input: child.stdout }) };
}

async function startCollector(how) {
  const { child, lines } = run("collector.cjs", [how]);
  const [port] = await once(lines, "line");
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => child.stdin.end() };
}

async function closedPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function launch(variant, endpoints) {
  const { child, lines } = run("server.cjs", [framework, variant, JSON.stringify(endpoints)]);
  const [port] = await once(lines, "line");
  const read = async () => {
    child.stdin.write("\n");
    const [line] = await once(lines, "line");
    const [cpu, rss, lost] = line.split(" ").map(Number);
    return { cpu, rss, lost };
  };
  return { variant, url: `http://127.0.0.1:${port}`, read, stop: () => child.stdin.end() };
}

async function load(server, amount) {
  const paths = Array.from({ length: 20 }, (_, i) => ({ path: `/api/t${i}/users/${i}` }));
  const before = await server.read();
  const result = await autocannon({ url: server.url, connections: 16, amount, requests: paths });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${server.variant}: ${result.non2xx} bad answers, ${result.errors} errors`);
  await wait(SETTLE_MS);
  return ((await server.read()).cpu - before.cpu) / amount;
}

const tenth = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 10)];

const [collector, hung] = [await startCollector("well"), await startCollector("hung")];
const endpoints = {
  otlp: collector.endpoint,
  jaeger: collector.endpoint,
  hung: hung.endpoint,
  dead: `http://127.0.0.1:${await closedPort()}`,
};
const servers = [];
for (const variant of VARIANTS) servers.push(await launch(variant, endpoints));
for (const server of servers) await load(server, Number(requests));
const samples = new Map(VARIANTS.map((variant) => [variant, []]));
for (let round = 0; round < Number(roundCount); round++) {
  for (const server of servers) samples.get(server.variant).push(await load(server, Number(requests)));
}
const ends = new Map();
for (const server of servers) ends.set(server.variant, await server.read());
for (const { stop } of [...servers, collector, hung]) stop();

const over = (variant, share) => share(samples.get(variant)) - share(samples.get("bare"));
const share = (variant) => {
  const rival = variant.replace("telltale", "opentelemetry");
  if (rival === variant || !samples.has(rival)) return "";
  return `${figure(over(variant, tenth) / over(rival, tenth))}x`;
};
const rows = VARIANTS.map((variant) => [
  variant,
  figure(median(samples.get(variant))),
  figure(over(variant, median)),
  figure(over(variant, tenth)),
  share(variant),
  figure(ends.get(variant).rss / 2 ** 20),
  variant.startsWith("telltale") ? String(ends.get(variant).lost) : "",
]);
const lines = [
  "CPU µs a request; what it adds to the bare service by the median of the rounds, and by their lowest tenth, which a busy",
  "machine disturbs least; and how much of OpenTelemetry's instrumentation (http and framework) of the same aim that is.",
  "`off`: no traces (`tracing: false`; a sampler that takes none), `1%` and `null`: an exporter that does nothing, `otlp`",
  "and `jaeger`: a collector in another process, `dead` and `hung`: OTLP to one that refuses, or never answers. telltale's",
  "figures hold its HTTP metrics too. Memory in MB at the end, and spans that were lost; logs are off.",
  "Goals: at 1% a quarter of OpenTelemetry's, with otlp half of it.",
  "",
  ...table(
    ["variant", "CPU", "over bare", "over bare, lowest tenth", "of OpenTelemetry", "memory", "lost"],
    rows,
  ),
];
report(`traces-${framework}`, {
  title: `Traces: ${framework}`,
  command: `node traces.mjs ${framework} ${roundCount} ${requests}`,
  lines,
});
