import { channel } from "node:diagnostics_channel";
import { Counter } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import {
  type Collector,
  createObservability,
  type Declare,
  type FamilySpec,
  type Observability,
} from "../../src/index.js";
import { countAll, countInFlight, findUndeclared } from "../../src/testing/exposition.js";

function create(): Observability {
  const obs = createObservability({
    service: "x",
    logging: { level: "silent" },
    http: { outgoing: false },
    metrics: { process: false },
  });
  onTestFinished(() => obs.close());
  return obs;
}

/** Attaches a collector of these families that does this one thing. */
function attach(obs: Observability, families: FamilySpec[], work: (declare: Declare) => void): void {
  const toy: Collector<object, object, "http"> = {
    name: "toy",
    domain: "http",
    supports: "*",
    families,
    matches: (_value): _value is object => true,
    attach(_target, { declare }) {
      work(declare);
      return () => undefined;
    },
  };
  obs.use(toy, {});
}

const works: FamilySpec = { name: "toy_works_total", type: "counter", help: "Works." };
const running: FamilySpec = { name: "toy_runs_in_flight", type: "gauge", help: "Now." };
const wait: FamilySpec = { name: "toy_wait_seconds", type: "histogram", help: "Wait." };

/** What a hostile client might publish: a fault of telltale's, counted as such. */
function fail(obs: Observability): void {
  obs.instrument(globalThis.fetch);
  channel("undici:request:create").publish({ request: { origin: "not a url" } });
}

test("what a collector declared and exports is in the catalog, its labels with it", async () => {
  const obs = create();
  attach(obs, [wait], ({ histogram }) =>
    histogram({ ...wait, labelNames: ["queue"] }).observe({ queue: "a" }, 1),
  );
  expect(await findUndeclared(obs)).toEqual([]);
});

test("what came into the registry by another way is not, and is named", async () => {
  const obs = create();
  new Counter({ name: "theirs_total", help: "Theirs.", registers: [obs.metrics.registry] }).inc();
  expect(await findUndeclared(obs)).toEqual(["theirs_total"]);
});

test("a label that the catalog does not have is named with its family", async () => {
  const obs = create();
  const catalog = obs.catalog.map((entry) =>
    entry.name === "telltale_errors_total" ? { ...entry, exportedLabels: [] } : entry,
  );
  fail(obs);
  expect(await findUndeclared({ ...obs, catalog })).toEqual(["telltale_errors_total{part}"]);
});

test("the count is the sum of the counters of collectors: no gauge, no histogram, no fault of telltale's", async () => {
  const obs = create();
  expect([await countAll(obs), await countInFlight(obs)]).toEqual([0, 0]);
  attach(obs, [works, running, wait], ({ counter, gauge, histogram }) => {
    const kinds = counter({ ...works, labelNames: ["kind"] });
    kinds.inc({ kind: "a" }, 3);
    kinds.inc({ kind: 'b"}, 9' }, 4);
    gauge(running).set(2);
    histogram(wait).observe(5);
  });
  fail(obs);
  expect([await countAll(obs), await countInFlight(obs)]).toEqual([7, 2]);
});
