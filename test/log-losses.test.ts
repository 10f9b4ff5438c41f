import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { createObservability } from "../src/observability.js";

it("counts lost lines by sink and reason where they are scraped", async () => {
  const broken = {
    write: () => {
      throw new Error("broken");
    },
  };
  const obs = createObservability({
    service: "chat",
    metrics: { process: false },
    logging: { sinks: [{ to: "stream", stream: broken, name: "audit" }] },
  });
  for (let i = 0; i < 3; i++) obs.logger.info("x");
  expect(await obs.metrics.registry.metrics()).toContain(
    'log_lines_dropped_total{sink="audit",reason="write_failed",service="chat"} 3',
  );
  await obs.close();
});

it("tells on standard error, and survives one that is full", () => {
  const code = `
    const { logLosses } = require("./dist/log-losses.js");
    const counter = { inc() {} };
    const { tell } = logLosses({ for: () => ({ counter: () => counter }) }, { note() {} });
    tell("told"); console.log("alive");`;
  const run = (redirect: string): string =>
    execFileSync("sh", ["-c", `"$0" -e "$1" ${redirect}`, process.execPath, code], { encoding: "utf8" });
  expect(run("2>&1")).toBe("telltale: told\nalive\n");
  expect(run("2>/dev/full")).toBe("alive\n");
  expect(run("2>&-")).toBe("alive\n");
});
