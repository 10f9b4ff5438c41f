import { createServer } from "node:http";
import { expect, test } from "vitest";
import { table, value } from "./support/exposition.js";
import { connectRaw, head } from "./support/raw-client.js";
import { listen, observe } from "./support/service.js";

async function serve(options = {}) {
  const observed = observe(options);
  const handler = observed.obs.metrics.handler();
  const { port, url } = await listen(createServer((req, res) => void handler(req, res)));
  const scrape = async (headers = {}) => (await fetch(url, { headers })).text();
  const outcomes = async () =>
    table(await observed.samples(), "telltale_scrapes_total", ["format", "outcome"]);
  return { ...observed, port, scrape, outcomes };
}

test("a scrape shows what those before it were, not itself", async () => {
  const { scrape, samples, outcomes } = await serve();
  expect(await scrape()).not.toContain("telltale_scrapes_total{");
  await expect.poll(outcomes).toEqual({ "text ok": 1 });
  const page = await scrape({ accept: "application/openmetrics-text", "accept-encoding": "gzip" });
  expect(page).toContain('telltale_scrapes_total{format="text",outcome="ok",service="test"} 1');
  await expect.poll(outcomes).toEqual({ "text ok": 1, "openmetrics ok": 1 });
  const now = await samples();
  expect(value(now, "telltale_scrape_duration_seconds_count")).toBe(2);
  expect(value(now, "telltale_scrape_size_bytes", { format: "openmetrics" })).toBe(page.length);
  expect(value(now, "telltale_scrape_size_bytes", { format: "text" })).toBeGreaterThan(1000);
});

test("a client that leaves is counted as aborted, and leaves no size", async () => {
  const { obs, port, outcomes, samples } = await serve();
  let go = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (go = resolve));
  let asked = 0;
  obs.metrics.gauge({ name: "depth", help: "D.", collect: () => (asked++ === 0 ? waiting : undefined) });
  const client = await connectRaw(port);
  client.send(head("GET / HTTP/1.1"));
  await expect.poll(() => asked).toBe(1);
  client.reset();
  await new Promise(setImmediate);
  go();
  await expect.poll(outcomes).toEqual({ "text aborted": 1 });
  expect(value(await samples(), "telltale_scrape_size_bytes")).toBeUndefined();
});

test("`telltale_series` has each family with series, as many as it has, and drops those that lost all", async () => {
  const { obs, samples } = await serve();
  const jobs = obs.metrics.counter({ name: "jobs_total", help: "J.", labelNames: ["queue"] });
  const seriesOf = async (): Promise<number | undefined> => {
    await samples();
    return value(await samples(), "telltale_series", { family: "jobs_total" });
  };
  expect(await seriesOf()).toBeUndefined();
  for (const queue of ["a", "b", "c"]) jobs.inc({ queue });
  expect(await seriesOf()).toBe(3);
  jobs.reset();
  expect(await seriesOf()).toBeUndefined();
});

test("a scrape that is refused is counted, and took no time", async () => {
  const { obs, port, scrape, outcomes, samples } = await serve({ metrics: { maxScrapes: 1 } });
  let asked = 0;
  const hang = (): Promise<void> => new Promise(() => undefined);
  obs.metrics.gauge({ name: "depth", help: "D.", collect: () => (asked++ === 0 ? hang() : undefined) });
  const client = await connectRaw(port);
  client.send(head("GET / HTTP/1.1"));
  await expect.poll(() => asked).toBe(1);
  expect(await scrape()).toBe("Too many scrapes at once.\n");
  await expect.poll(outcomes).toEqual({ "text refused": 1, "text ok": 1 });
  expect(value(await samples(), "telltale_scrape_duration_seconds_count")).toBe(1);
});
