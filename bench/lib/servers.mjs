// Variants of a service, a process each, all alive at once and loaded in turn, round after round: noise of the machine
// falls on all of them alike.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";

// The first ten thousand requests of a process are dear, whatever observes them: most of it is the compiler's work.
const WARM_UP = 20_000;

async function launch(variant, framework, module) {
  const script = fileURLToPath(new URL("../http/server.cjs", import.meta.url));
  const args = [script, framework, variant, fileURLToPath(module)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
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

/** CPU µs a request by variant, one figure a round; `module` is what puts a variant in front of the routes. */
export async function measure(variants, { framework, module, rounds, requests, warmUp = WARM_UP }) {
  const servers = await Promise.all(variants.map((variant) => launch(variant, framework, module)));
  for (const server of servers) await load(server, warmUp);
  const samples = Object.fromEntries(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const server of servers) samples[server.variant].push(await load(server, requests));
  }
  for (const server of servers) server.stop();
  return samples;
}
