import { createServer } from "node:http";
import { expect, it } from "vitest";
import { createObservability, type Observability } from "../src/index.js";
import { listen, observe } from "./support/service.js";

const counted = async (obs: Observability): Promise<string[]> =>
  ((await obs.metrics.registry.metrics()).match(/^log_lines_total\{.*/gm) ?? []).map((line) =>
    line.replace(/ +/, " "),
  );

it("counts each line once by level and component, and none below the level", async () => {
  const obs = createObservability({
    service: "chat",
    logging: { level: "info", destination: { write: () => true } },
    tracing: false,
    metrics: { process: false },
  });
  obs.logger.info("1");
  obs.logger.debug("not written");
  obs.logger.child({ a: 1 }).info("2");
  obs.logger.component("db").error("1");
  obs.logger.child({ component: "db" }).error("2");
  obs.logger.child({}, { customLevels: { notice: 35 }, level: "notice" }).notice("as info");
  const lines = [
    'log_lines_total{level="info",component="root",service="chat"} 3',
    'log_lines_total{level="error",component="db",service="chat"} 2',
  ];
  expect(await counted(obs)).toEqual(lines);
  expect(await counted(obs)).toEqual(lines);
  obs.logger.component("db").error("3");
  expect(await counted(obs)).toContain('log_lines_total{level="error",component="db",service="chat"} 3');
  await obs.close();
});

it("folds the components of a flood into one, and loses no line of theirs", async () => {
  const { obs } = observe({ metrics: { process: false } });
  for (let i = 0; i < 5000; i++) obs.logger.child({ component: `c${i}` }).info("x");
  const lines = await counted(obs);
  expect(lines.length).toBeLessThanOrEqual(101);
  expect(lines.some((line) => line.includes('component="__overflow__"'))).toBe(true);
  expect(lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0)).toBe(5000);
});

it("sends OTLP lines with the ids and flags of the span under way, sampled or not", async () => {
  let sent = "";
  const server = createServer((req, res) => {
    req.on("data", (chunk) => (sent += String(chunk)));
    req.on("end", () => res.end("{}"));
  });
  const { url } = await listen(server);
  const parent = (flags: string) => ({ traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-${flags}` });
  const { obs } = observe({ logging: { format: "json", sinks: [{ to: "otlp", url }] } });
  for (const flags of ["01", "00"])
    obs.withSpan("job", () => obs.logger.info("inside"), { parent: obs.extract(parent(flags)) });
  obs.logger.info("outside");
  await obs.close();
  expect(sent.match(/"stringValue":"(inside|outside)"|"traceId":"a+"|"flags":\d/g)).toEqual([
    '"stringValue":"inside"',
    `"traceId":"${"a".repeat(32)}"`,
    '"flags":1',
    '"stringValue":"inside"',
    `"traceId":"${"a".repeat(32)}"`,
    '"flags":0',
    '"stringValue":"outside"',
  ]);
});
