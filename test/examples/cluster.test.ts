import { expect, it } from "vitest";
import { parseExposition, value } from "../support/exposition.js";
import { startProgram } from "./program.js";

async function get(url: string, path: string): Promise<string> {
  const response = await fetch(url + path, { headers: { connection: "close" } });
  return response.text();
}

it("examples/cluster shows the sum from any worker, keeps a killed one's, and ends on SIGTERM", async () => {
  const program = startProgram("examples/cluster/index.mjs", { PORT: "0" });
  const [, url = ""] = await program.printed(/(?:[\s\S]*listening on (http:\/\/localhost:\d+)){3}/);
  const greetings = async () => value(parseExposition(await get(url, "/metrics")), "greetings_total");
  const pids = new Set<number>();
  for (let i = 0; i < 6; i++) pids.add(Number(/\d+/.exec(await get(url, "/"))?.[0]));
  expect(pids.size).toBe(3);
  for (let i = 0; i < 3; i++) expect(await greetings()).toBe(6);
  process.kill([...pids][0] as number, "SIGKILL");
  await program.printed(/(?:[\s\S]*listening on){4}/);
  for (let i = 0; i < 4; i++) expect(await greetings()).toBe(6);
  expect(await program.stop("SIGTERM")).toBe(0);
});
