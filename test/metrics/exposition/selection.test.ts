import { PassThrough } from "node:stream";
import * as client from "prom-client";
import { describe, expect, it } from "vitest";
import { createFixture } from "../family-fixture.js";

function declareAll() {
  const { metrics } = createFixture();
  const collected: string[] = [];
  const collect = (name: string) => (): void => void collected.push(name);
  metrics.counter({ name: "c_total", help: "h", collect: collect("c") });
  metrics.gauge({ name: "g", help: "h", collect: collect("g") });
  metrics.gauge({ name: "g_sum", help: "h" });
  metrics.histogram({ name: "h", help: "h", buckets: [1], collect: collect("h") });
  metrics.summary({ name: "s", help: "h", percentiles: [0.5], collect: collect("s") }).observe(1);
  const registers = [metrics.registry];
  new client.Counter({ name: "foreign_total", help: "h", registers, collect: collect("foreign") });
  return { metrics, collected };
}

async function shown(names: string[] | undefined, format?: "text" | "openmetrics") {
  const { metrics, collected } = declareAll();
  const options = { ...(names && { names: new Set(names) }), ...(format && { format }) };
  const text = await metrics.text(options);
  const through = new PassThrough();
  await metrics.pipeTo(through, options);
  expect(String(Buffer.concat(await through.toArray()))).toBe(text);
  const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  return { families, text, collected: [...new Set(collected)] };
}

describe("a scrape of some names", () => {
  it.each([
    [["g"], ["g"]],
    [["c_total"], ["c_total"]],
    [["c"], ["c_total"]],
    [["foreign"], ["foreign_total"]],
    [["h"], ["h"]],
    [["h_bucket"], ["h"]],
    [["h_sum", "h_count", "h"], ["h"]],
    [["s_count"], ["s"]],
    [["g_sum"], ["g_sum"]],
    [["g_bucket", "h_other", "unknown", "", "toString"], []],
    [
      ["s", "c_total", "g"],
      ["c_total", "g", "s"],
    ],
    [[], []],
  ])("shows for %j the families %j", async (names, families) => {
    expect((await shown(names)).families).toEqual(families);
  });

  it("shows the same families in OpenMetrics", async () => {
    const { families, text } = await shown(["c_total", "foreign", "h_bucket"], "openmetrics");
    expect(families).toEqual(["c", "h", "foreign"]);
    expect(text.endsWith("\n# EOF\n")).toBe(true);
  });

  it("runs only their collect callbacks", async () => {
    expect((await shown(["g", "foreign_total"])).collected).toEqual(["g", "foreign"]);
    expect((await shown(undefined)).collected).toEqual(["c", "g", "h", "s", "foreign"]);
  });

  it("begins with its first line where what comes before cannot be read", async () => {
    const { metrics } = createFixture();
    const bad = { name: "bad", help: "h", type: "gauge", get: () => Promise.reject(new Error("no")) };
    metrics.registry.registerMetric(bad as never);
    metrics.gauge({ name: "g", help: "h" });
    expect(await metrics.text()).toBe("# HELP g h\n# TYPE g gauge\ng 0\n");
  });

  it("is set apart by blank lines as ever", async () => {
    const { text } = await shown(["g", "g_sum"]);
    expect(text).toBe("# HELP g h\n# TYPE g gauge\ng 0\n\n# HELP g_sum h\n# TYPE g_sum gauge\ng_sum 0\n");
  });
});
