import { expect, test } from "vitest";
import { createCatalog } from "../src/catalog.js";
import { createMetrics } from "../src/metrics/index.js";

test("keeps what was declared under the exported name, once", () => {
  const catalog = createCatalog(createMetrics({ prefix: "chat_", labels: {}, maxSeriesPerFamily: 10 }));
  const declare = () =>
    catalog.for("talk").counter({ name: "words_total", help: "Words.", labelNames: ["tongue"] });
  expect(declare()).toBe(declare());
  expect(catalog.entries).toEqual([
    {
      owner: "talk",
      name: "words_total",
      exported: "chat_words_total",
      type: "counter",
      help: "Words.",
      labels: ["tongue"],
      exportedLabels: ["tongue"],
    },
  ]);
});

test("keeps the declared name and labels beside the exported ones", () => {
  const rename = { words_total: { name: "palabras_total", labels: { tongue: "lengua" } } };
  const settings = { prefix: "chat_", labels: {}, maxSeriesPerFamily: 10, rename };
  const catalog = createCatalog(createMetrics(settings));
  const options = { name: "words_total", help: "Words.", labelNames: ["tongue"] } as const;
  catalog.for("talk").counter(options);
  catalog.for("talk").counter(options);
  expect(catalog.entries).toEqual([
    {
      owner: "talk",
      name: "words_total",
      labels: ["tongue"],
      exported: "palabras_total",
      exportedLabels: ["lengua"],
      type: "counter",
      help: "Words.",
    },
  ]);
});

test("keeps the unit and the buckets of a histogram", () => {
  const catalog = createCatalog(createMetrics({ prefix: "", labels: {}, maxSeriesPerFamily: 10 }));
  catalog.for("talk").histogram({ name: "pause_seconds", help: "Pauses.", unit: "seconds", buckets: [1, 2] });
  expect(catalog.entries[0]).toMatchObject({
    type: "histogram",
    unit: "seconds",
    buckets: [1, 2],
    labels: [],
  });
});
