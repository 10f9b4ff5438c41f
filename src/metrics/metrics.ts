import type { Declaration } from "./declaration.js";
import { createExposition } from "./exposition.js";
import { createFactory } from "./factory.js";
import type { ReportMisuse } from "./misuse.js";
import type { Client } from "./print-metric.js";
import { createRegistry } from "./registry.js";
import type { FamilyCardinality, Metrics, MetricsSettings } from "./types.js";
import { checkDefaultLabels } from "./validate.js";

/** What metrics may be made with. */
export interface MetricsOptions {
  /** The prom-client that the service itself uses. Default: the one installed with this package. */
  readonly client?: Client;
  /** Told about wrong use at run time, in one line; nothing is ever thrown for it. Default: a process warning. */
  readonly onMisuse?: ReportMisuse;
  /** Bytes of finished text kept between scrapes; text beyond is made anew each time. Default: 32 MiB. */
  readonly pagesBytes?: number;
  /** Milliseconds, monotonic; what `ttlMs` is measured with. Default: `performance.now()`. */
  readonly now?: () => number;
}

/**
 * Makes a registry and the factory of families over it. Throws TELLTALE_LABEL when a default label has a bad name.
 *
 * @example
 * const metrics = createMetrics({ prefix: "", labels: { service: "chat" }, maxSeriesPerFamily: 2000 });
 * const jobs = metrics.counter({ name: "jobs_total", help: "Jobs done.", labelNames: ["queue"] });
 * jobs.inc({ queue: "mail" });
 */
export function createMetrics(settings: MetricsSettings, options: MetricsOptions = {}): Metrics {
  checkDefaultLabels(settings.labels);
  const client = options.client ?? installedClient();
  const report = options.onMisuse ?? warn;
  const declarations = new WeakMap<object, Declaration>();
  const exposition = createExposition({ ...options, client, report, declarations });
  const registry = createRegistry({ client, labels: settings.labels, exposition });

  function cardinality(): FamilyCardinality[] {
    return registry.getMetricsAsArray().flatMap((metric) => {
      const rows = declarations.get(metric)?.rows;
      return rows === undefined
        ? []
        : [{ family: rows.definition.name, series: rows.columns.live, dropped: rows.dropped }];
    });
  }

  return {
    ...createFactory({ client, registry, settings, report, declarations }),
    registry,
    get contentType() {
      return registry.contentType;
    },
    text: () => registry.metrics(),
    pipeTo: (writable, pipe = {}) => exposition.pipeTo(registry, writable, pipe),
    cardinality,
    close: exposition.release,
  };
}

function installedClient(): Client {
  return require("prom-client") as typeof import("prom-client");
}

function warn(message: string): void {
  process.emitWarning(message, "TelltaleWarning");
}
