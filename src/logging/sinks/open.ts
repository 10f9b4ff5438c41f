import type { LineFormat } from "../formats/format.js";
import { checkSinks } from "./check.js";
import { type Branch, createFanOut } from "./fan-out.js";
import { SINKS } from "./index.js";
import { createLossReport, type LossHooks } from "./losses.js";
import { refuse, type SinkMaker, type SinkSender } from "./maker.js";
import type { SinkOptions } from "./options.js";
import type { Sink } from "./sink.js";
import type { LineTarget } from "./stream.js";

/** Where lines shall go, as the settings say it. */
export interface Destinations {
  /** Short for one sink: a file's path or a stream. */
  readonly destination?: string | LineTarget | undefined;
  /** All sinks; standard output where neither is given. */
  readonly sinks?: readonly SinkOptions[] | undefined;
}

/** What sinks are opened with. */
export interface OpenParts {
  readonly hooks: LossHooks;
  readonly format: LineFormat;
  readonly sender: SinkSender;
}

/** What pino writes to: a sink whose `flush` is what `logger.flush()` calls. */
export type Output = Sink & { flush(done?: () => void): void };

/** Opens all sinks as one. Throws `TELLTALE_OPTION` on what is none, and closes those that were open by then. */
export function openSinks(where: Destinations, parts: OpenParts): Output {
  const sink = openAll(where, parts);
  return Object.assign(sink, {
    flush(done?: () => void) {
      sink.flushSync();
      done?.();
    },
  });
}

function openAll({ destination, sinks }: Destinations, parts: OpenParts): Sink {
  if (sinks === undefined || sinks.length === 0) return openShort(destination, parts);
  const opened: Branch[] = [];
  try {
    for (const checked of checkSinks(sinks)) {
      const { options, where, name, minLevel } = checked;
      const sink = openOne(checked.maker, options, { ...parts, where, name });
      opened.push({ sink, minLevel });
    }
  } catch (error) {
    for (const { sink } of opened) void sink.close();
    throw error;
  }
  return createFanOut(opened);
}

function openShort(destination: unknown, parts: OpenParts): Sink {
  const where = "logging.destination";
  const options = shortOptions(destination);
  if (options === undefined) throw refuse(where, destination, "a file path or an object with write(line)");
  const maker = SINKS.find(({ to }) => to === options.to) as SinkMaker;
  return openOne(maker, options, { ...parts, where, name: options.to });
}

function shortOptions(destination: unknown): SinkOptions | undefined {
  if (destination === undefined) return { to: "stdout" };
  if (typeof destination === "string") return { to: "file", path: destination };
  const isTarget =
    typeof destination === "object" &&
    destination !== null &&
    typeof Reflect.get(destination, "write") === "function";
  return isTarget ? { to: "stream", stream: destination as LineTarget } : undefined;
}

interface OneParts extends OpenParts {
  readonly where: string;
  readonly name: string;
}

function openOne(maker: SinkMaker, options: SinkOptions, parts: OneParts): Sink {
  const { hooks, format, sender, where, name } = parts;
  const { apart = (work) => work(), traceFlags } = hooks;
  const { present } = format;
  const lose = createLossReport(name, hooks);
  const sink = maker.open(options as never, { where, lose, apart, sender, traceFlags, keys: format });
  if (present === undefined || sink.readsJson === true) return sink;
  const toText = present(sink.isTty && !process.env["NO_COLOR"]);
  return { ...bound(sink), write: (line) => sink.write(toText(line)) };
}

/** The members of a sink that may be a class, by themselves. */
function bound(sink: Sink): Sink {
  return {
    isTty: sink.isTty,
    write: (line, level) => sink.write(line, level),
    flushSync: () => sink.flushSync(),
    reopen: () => sink.reopen(),
    close: () => sink.close(),
  };
}
