// CPU per request that each way of observing adds to a bare service: one process a variant, all alive at once, loaded
// in turn, round after round, so that noise of the machine falls on all of them alike.
//   node http.mjs [express|fastify] [rounds] [requests] [variant,variant…]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { figure, report, table } from "./lib/report.mjs";
import { median } from "./lib/variants.mjs";

const [, , framework = "express", roundCount = "7", requests = "4000", only = ""] = process.argv;
const VARIANTS = {
  express: [
    "bare",
    "by-hand",
    "telltale-metrics",
    "prom-bundle",
    "telltale-1%",
    "stack-1%",
    "telltale-full",
    "stack-full",
  ],
  fastify: [
    "bare",
    "by-hand",
    "telltale-metrics",
    "fastify-metrics",
    "telltale-1%",
    "stack-1%",
    "telltale-full",
    "stack-full",
  ],
}[framework];
const WARM_UP = 20_000;
if (only !== "") VARIANTS.splice(0, VARIANTS.length, ...only.split(","));

async function launch(variant) {
  const script = fileURLToPath(new URL("./http/server.cjs", import.meta.url));
  const child = spawn(process.execPath, [script, framework, variant], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const [port] = await once(lines, "line");
  const cpu = async () => {
    child.stdin.write("\n");
    const [line] = await once(lines, "line");
    return Number(line.split(" ")[0]);
  };
  return { variant, url: `http://127.0.0.1:${port}`, cpu, stop: () => child.stdin.end() };
}

async function load(server, amount) {
  const paths = Array.from({ length: 20 }, (_, i) => ({ path: `/api/t${i}/users/${i}` }));
  const before = await server.cpu();
  const result = await autocannon({ url: server.url, connections: 16, amount, requests: paths });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${server.variant}: ${result.non2xx} bad answers, ${result.errors} errors`);
  return ((await server.cpu()) - before) / amount;
}

const tenth = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 10)];

const servers = await Promise.all(VARIANTS.map(launch));
// The first ten thousand requests of a process are dear, whatever observes them: most of it is the compiler's work.
for (const server of servers) await load(server, WARM_UP);
const samples = new Map(VARIANTS.map((variant) => [variant, []]));
for (let round = 0; round < Number(roundCount); round++) {
  for (const server of servers) samples.get(server.variant).push(await load(server, Number(requests)));
}
for (const server of servers) server.stop();

const over = (variant, share) => share(samples.get(variant)) - share(samples.get("bare"));
const rows = VARIANTS.map((variant) => [
  variant,
  figure(median(samples.get(variant))),
  figure(over(variant, median)),
  figure(over(variant, tenth)),
]);
report(`http-${framework}`, {
  title: `HTTP: ${framework}`,
  command: `node http.mjs ${framework} ${roundCount} ${requests}`,
  lines: [
    "CPU µs a request; what it adds to the bare service by the median of the rounds, and by their lowest tenth, which a busy",
    "machine disturbs least. `telltale-metrics` records all families of the HTTP domain, `by-hand` a counter and a histogram.",
    "The stack is pino-http, express-prom-bundle or fastify-metrics, and OpenTelemetry's instrumentation.",
    "",
    ...table(["variant", "CPU", "over bare", "over bare, lowest tenth"], rows),
  ],
});
