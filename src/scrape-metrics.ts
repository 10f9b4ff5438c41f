import type { Declare } from "./collector.js";
import type { ScrapeRecord } from "./metrics/exposition/scrape-record.js";
import type { Metrics } from "./metrics/index.js";

// From a page that was kept to a service of 100,000 series with a slow client.
const SECONDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10];
// Nobody looks at more, and a family too many must not make a series too many.
const MAX_FAMILIES = 200;

/** Declares what scrapes tell of themselves; returns what records one. It shows in the next. */
export function createScrapeMetrics(declare: Declare): (scrape: ScrapeRecord) => void {
  const scrapes = declare.counter({
    name: "telltale_scrapes_total",
    help: "Scrapes by format and outcome: ok, aborted by the client or for being slow, refused beyond metrics.maxScrapes, error.",
    labelNames: ["format", "outcome"],
    ttlMs: 0,
  });
  const duration = declare.histogram({
    name: "telltale_scrape_duration_seconds",
    help: "Time from the request of a scrape to the last byte of its answer.",
    unit: "seconds",
    buckets: SECONDS,
    ttlMs: 0,
  });
  const size = declare.gauge({
    name: "telltale_scrape_size_bytes",
    help: "Size of the last exposition in each format, before compression.",
    labelNames: ["format"],
    unit: "bytes",
  });
  return ({ format, outcome, seconds, sizeBytes }) => {
    scrapes.inc({ format, outcome });
    if (outcome !== "refused") duration.observe(seconds);
    if (sizeBytes !== undefined) size.set({ format }, sizeBytes);
  };
}

/** Declares the number of series of each family; returns what brings it up to date. */
export function countSeries(declare: Declare, metrics: Metrics): () => void {
  const series = declare.gauge({
    name: "telltale_series",
    help: "Series of each family that has any; a histogram's buckets count as one.",
    labelNames: ["family"],
    maxSeries: MAX_FAMILIES,
  });
  let shown = new Set<string>();
  return () => {
    const now = new Map(metrics.cardinality().map(({ family, series: count }) => [family, count]));
    for (const family of shown) if (!now.get(family)) series.remove({ family });
    for (const [family, count] of now) if (count > 0) series.set({ family }, count);
    shown = new Set(now.keys());
  };
}
