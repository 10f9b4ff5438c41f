import type { CounterHandle, HistogramHandle } from "../../../metrics/types.js";
import type { TraceExemplar } from "../../../tracing/exemplar.js";
import type { Exchange } from "./exchange.js";
import type { ServerFamilies } from "./families.js";

/** The handles of one label set, so that a request looks its labels up once. Those of times are made when needed. */
export class ServerSeries {
  readonly #families: ServerFamilies;
  readonly #values: readonly string[];
  readonly #total: CounterHandle;
  readonly #requestSize: HistogramHandle;
  readonly #responseSize: HistogramHandle;
  #duration: HistogramHandle | undefined = undefined;
  #timeToHeaders: HistogramHandle | undefined = undefined;
  #streamDuration: HistogramHandle | undefined = undefined;

  constructor(families: ServerFamilies, values: readonly string[]) {
    this.#families = families;
    this.#values = values;
    this.#total = families.total.labels(...values);
    this.#requestSize = families.requestSize.labels(...values);
    this.#responseSize = families.responseSize.labels(...values);
  }

  /** Records an exchange that has closed. */
  record(exchange: Exchange, exemplar: TraceExemplar | undefined): void {
    this.#total.inc();
    this.#requestSize.observe(exchange.receivedBytes);
    this.#responseSize.observe(exchange.sentBytes);
    if (exchange.headersAt !== 0) {
      this.#timeToHeaders ??= this.#families.timeToHeaders.labels(...this.#values);
      this.#timeToHeaders.observe((exchange.headersAt - exchange.startedAt) / 1000);
    }
    const seconds = (exchange.endedAt - exchange.startedAt) / 1000;
    if (exchange.streaming) {
      this.#streamDuration ??= this.#families.streamDuration.labels(...this.#values);
      this.#streamDuration.observe(seconds);
    } else {
      this.#duration ??= this.#families.duration.labels(...this.#values);
      this.#duration.observe(seconds, exemplar);
    }
  }
}
