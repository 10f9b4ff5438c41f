import { type Logger, pino } from "pino";
import { guardChildren } from "./child.js";
import { writeJsonIds } from "./formats/json.js";
import { createLogMethod, HAS_COMPONENT } from "./log-method.js";
import { createPretty } from "./pretty.js";
import { createRedactor, type Redactor } from "./redact.js";
import type { Logging, LoggingHooks, LoggingSettings, ObservedLogger } from "./settings.js";
import { openDestination } from "./sinks/destination.js";
import { createLossReport, type LossReport } from "./sinks/losses.js";
import type { Sink } from "./sinks/sink.js";
import { createTimestamp } from "./timestamp.js";

const MAX_COMPONENTS = 1000;

/**
 * Makes the service's logger. Throws an ObservabilityError `TELLTALE_OPTION` when the destination cannot be
 * opened; afterwards no log call throws, whatever is logged and whatever the destination does.
 */
export function createLogger(settings: LoggingSettings, hooks: LoggingHooks): Logging {
  const lose = createLossReport((error) => hooks.note("log", error));
  const sink = openDestination(settings.destination, lose);
  const output = settings.format === "pretty" ? prettyOutput(sink) : sink;
  const logger = createPino(settings, {
    output,
    ids: () => idsOf(hooks, lose),
    fault: (error) => lose(error, 0),
  });
  return {
    logger: withComponents(logger),
    flush: () => sink.flushSync(),
    reopen: () => sink.reopen(),
    close: () => sink.close(),
  };
}

/** What a pino instance is wired to. */
interface Wiring {
  readonly output: Output;
  ids(): string;
  fault(error: unknown): void;
}

type Output = Pick<Sink, "write" | "flushSync">;

function createPino(settings: LoggingSettings, { output, ids, fault }: Wiring): Logger {
  const base = baseOf(settings);
  const redactor = createRedactor(settings.redact);
  const fixed = ["level", "time", ...Object.keys(base)];
  const method = createLogMethod({ redactor, fixed, hasIds: () => ids() !== "", fault });
  const options = {
    level: settings.level,
    base,
    timestamp: createTimestamp(ids),
    formatters: { level: (level: string) => ({ level }) },
    hooks: { logMethod: method.hook },
    // Errors arrive here as plain copies already; pino's own serializer would take them apart again.
    serializers: { err: (error: unknown) => error, msg: (text: unknown) => messageOf(text, redactor) },
  };
  // Both arguments: a lone sink would be taken for options.
  const logger = pino(options, output);
  guardChildren(logger, method, redactor);
  return logger;
}

function baseOf({ service, version, environment }: LoggingSettings): Record<string, string> {
  return {
    service,
    ...(version === undefined ? {} : { version }),
    ...(environment === undefined ? {} : { environment }),
  };
}

/** pino writes a symbol as what is no JSON. */
function messageOf(text: unknown, redactor: Redactor): unknown {
  if (typeof text === "string") return redactor.text(text);
  return typeof text === "symbol" || typeof text === "bigint" ? String(text) : text;
}

function idsOf(hooks: LoggingHooks, lose: LossReport): string {
  try {
    return hooks.logChunk(writeJsonIds);
  } catch (error) {
    lose(error, 0);
    return "";
  }
}

function prettyOutput(sink: Sink): Output {
  const format = createPretty(sink.isTty && !process.env["NO_COLOR"]);
  return { write: (line) => sink.write(format(line)), flushSync: () => sink.flushSync() };
}

function withComponents(logger: Logger): ObservedLogger {
  const children = new Map<string, Logger>();
  function component(name: string): Logger {
    const known = children.get(name);
    if (known !== undefined) return known;
    const child = logger.child({ component: name });
    Object.defineProperty(child, HAS_COMPONENT, { value: true });
    if (children.size < MAX_COMPONENTS) children.set(name, child);
    return child;
  }
  return Object.assign(logger, { component });
}
