import type { DomainKit } from "../../../collector.js";
import type { GaugeHandle } from "../../../metrics/types.js";
import { compileLabels } from "../labels/custom.js";
import { SeriesIndex } from "../labels/series-index.js";
import type { HttpSettings } from "../settings.js";
import type { Exchange } from "./exchange.js";
import { declareServerFamilies } from "./families.js";
import type { Verdict } from "./outcome.js";
import { ServerSeries } from "./series.js";

/** Stands for every request that no route matched. */
const UNMATCHED = "__unmatched__";

/** Records the families of the server side. */
export interface ServerMetrics {
  /** The in-flight gauge of a method. */
  inFlight(method: string): GaugeHandle;
  /** The gauge of open streams of an exchange's route. */
  streams(exchange: Exchange): GaugeHandle;
  /** Records everything about an exchange that has closed. */
  record(exchange: Exchange, verdict: Verdict): void;
}

/** Declares the families and makes their recorder. */
export function createServerMetrics(
  { declare, guard, exemplarOf }: Pick<DomainKit, "declare" | "guard" | "exemplarOf">,
  settings: HttpSettings,
): ServerMetrics {
  const families = declareServerFamilies(declare, settings);
  const custom = compileLabels(settings, guard);
  const gauges = new Map<string, GaugeHandle>();
  const series = new SeriesIndex((values) => new ServerSeries(families, values));

  function inFlight(method: string): GaugeHandle {
    const known = gauges.get(method);
    if (known !== undefined) return known;
    const gauge = families.inFlight.labels(method);
    gauges.set(method, gauge);
    return gauge;
  }

  function record(exchange: Exchange, { outcome, status }: Verdict): void {
    const route = routeOf(exchange);
    const values = [exchange.method, route, statusLabel(status, settings.statusClass)];
    for (const label of custom) values.push(label(exchange));
    series.get(values).record(exchange, exemplarOf(exchange.context?.span));
    if (outcome !== "aborted") return;
    families.aborted.labels(route, exchange.headersAt === 0 ? "before_headers" : "after_headers").inc();
  }

  return {
    inFlight,
    streams: (exchange) => families.streamsActive.labels(exchange.method, routeOf(exchange)),
    record,
  };
}

function routeOf(exchange: Exchange): string {
  return exchange.route() ?? UNMATCHED;
}

function statusLabel(status: number, byClass: boolean): string {
  return byClass ? `${Math.floor(status / 100)}xx` : String(status);
}
