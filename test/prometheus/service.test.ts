import { createServer } from "node:http";
import { expect, test } from "vitest";
import { promtool } from "../support/prometheus.js";
import { listen, observe } from "../support/service.js";

test("promtool has nothing to say of a whole service's metrics after traffic", async () => {
  const { obs, settled } = observe({ metrics: { nativeHistograms: true } });
  const metrics = obs.metrics.handler();
  const app = obs.http((req, res) => {
    res.statusCode = req.url === "/bad" ? 500 : 200;
    res.end("ok");
  });
  const server = createServer((req, res) => {
    if (req.url === "/metrics") void metrics(req, res);
    else app(req, res);
  });
  const { url } = await listen(server);
  for (const path of ["/", "/bad", "/metrics", "/metrics"]) await (await fetch(url + path)).text();
  await settled(2);
  const page = await (await fetch(`${url}/metrics`)).text();
  for (const name of ["scrapes_total", "scrape_duration_seconds_count", "scrape_size_bytes", "series"])
    expect(page).toMatch(new RegExp(`^telltale_${name}\\{.*\\} \\S+$`, "m"));
  expect(await promtool(["check", "metrics"], page)).toEqual({ code: 0, output: "" });
});
