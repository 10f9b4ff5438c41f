import type { Declare, Guard } from "../../collector.js";
import type { CounterHandle, GaugeHandle, HistogramHandle } from "../../metrics/types.js";
import { boundedValues } from "./bounded.js";
import type { Exchange } from "./exchange.js";
import type { Verdict } from "./outcome.js";
import { SeriesIndex } from "./series-index.js";
import { declareServerFamilies } from "./server-families.js";
import type { HttpSettings } from "./settings.js";

/** Stands for every request that no route matched. */
export const UNMATCHED = "__unmatched__";

/** The handles of one label set, so that a request looks its labels up once. The later ones are made when needed. */
interface Series {
  readonly total: CounterHandle;
  readonly requestSize: HistogramHandle;
  readonly responseSize: HistogramHandle;
  duration: HistogramHandle | undefined;
  timeToHeaders: HistogramHandle | undefined;
  streamDuration: HistogramHandle | undefined;
}

/** Records the families of the server side. */
export interface ServerMetrics {
  /** The in-flight gauge of a method. */
  inFlight(method: string): GaugeHandle;
  /** The gauge of open streams of an exchange's route. */
  streams(exchange: Exchange): GaugeHandle;
  /** Records everything about an exchange that has closed. */
  record(exchange: Exchange, verdict: Verdict, now: number): void;
}

/** Declares the families and makes their recorder. */
export function createServerMetrics(declare: Declare, settings: HttpSettings, guard: Guard): ServerMetrics {
  const families = declareServerFamilies(declare, settings);
  const custom = compileLabels(settings, guard);
  const gauges = new Map<string, GaugeHandle>();
  const index = new SeriesIndex<Series>((values) => ({
    total: families.total.labels(...values),
    requestSize: families.requestSize.labels(...values),
    responseSize: families.responseSize.labels(...values),
    duration: undefined,
    timeToHeaders: undefined,
    streamDuration: undefined,
  }));

  function labelsOf(exchange: Exchange, status: number): string[] {
    const values = [exchange.method, exchange.route() ?? UNMATCHED, statusLabel(status, settings.statusClass)];
    for (const label of custom) values.push(label(exchange));
    return values;
  }

  function inFlight(method: string): GaugeHandle {
    const known = gauges.get(method);
    if (known !== undefined) return known;
    const gauge = families.inFlight.labels(method);
    gauges.set(method, gauge);
    return gauge;
  }

  function record(exchange: Exchange, verdict: Verdict, now: number): void {
    const values = labelsOf(exchange, verdict.status);
    const series = index.get(values);
    series.total.inc();
    series.requestSize.observe(exchange.receivedBytes);
    series.responseSize.observe(exchange.sentBytes);
    recordTimes(exchange, series, values, now);
    if (verdict.outcome !== "aborted") return;
    families.aborted.labels(values[1], exchange.headersAt === 0 ? "before_headers" : "after_headers").inc();
  }

  function recordTimes(exchange: Exchange, series: Series, values: readonly string[], now: number): void {
    if (exchange.headersAt !== 0) {
      series.timeToHeaders ??= families.timeToHeaders.labels(...values);
      series.timeToHeaders.observe((exchange.headersAt - exchange.startedAt) / 1000);
    }
    const seconds = (now - exchange.startedAt) / 1000;
    if (exchange.streaming) {
      series.streamDuration ??= families.streamDuration.labels(...values);
      series.streamDuration.observe(seconds);
    } else {
      series.duration ??= families.duration.labels(...values);
      series.duration.observe(seconds);
    }
  }

  return {
    inFlight,
    streams: (exchange) => families.streamsActive.labels(exchange.method, exchange.route() ?? UNMATCHED),
    record,
  };
}

function compileLabels(settings: HttpSettings, guard: Guard): ((exchange: Exchange) => string)[] {
  return Object.values(settings.labels).map((valueOf) => {
    const bound = boundedValues(settings.maxLabelValues);
    return (exchange) => bound(guard("http.labels", () => textOf(valueOf(exchange.req, exchange.res))));
  });
}

// Made text inside the guard: a value's own toString() may throw.
function textOf(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function statusLabel(status: number, byClass: boolean): string {
  return byClass ? `${Math.floor(status / 100)}xx` : String(status);
}
