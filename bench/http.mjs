// CPU per request that each way of observing adds to a bare service: one process a variant, all alive at once, loaded
// in turn, round after round, so that noise of the machine falls on all of them alike.
//   node http.mjs [express|fastify] [rounds] [requests]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";

const [, , framework = "express", rounds = "7", requests = "4000"] = process.argv;
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

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const servers = await Promise.all(VARIANTS.map(launch));
for (const server of servers) await load(server, Number(requests));
const samples = new Map(VARIANTS.map((variant) => [variant, []]));
for (let round = 0; round < Number(rounds); round++) {
  for (const server of servers) samples.get(server.variant).push(await load(server, Number(requests)));
}
for (const server of servers) server.stop();

const bare = median(samples.get("bare"));
console.log(
  `${framework}, Node ${process.versions.node}: CPU µs a request, median of ${rounds} rounds of ${requests}`,
);
for (const [variant, values] of samples) {
  const cost = median(values);
  console.log(
    `${variant.padEnd(18)} ${cost.toFixed(1).padStart(7)}   over bare ${(cost - bare).toFixed(1).padStart(7)}   x${(cost / bare).toFixed(2)}`,
  );
}
