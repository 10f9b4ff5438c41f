import { type Logger, type LoggerOptions, pino } from "pino";
import { guardChildren } from "./child.js";
import { type Components, createComponents } from "./components.js";
import { createContextFields } from "./context-fields.js";
import type { LineFormat } from "./formats/format.js";
import { FORMATS } from "./formats/index.js";
import { createIsKnown, writeKnownLines } from "./known-line.js";
import { createLevels, type Levels } from "./levels.js";
import { createLineFields } from "./line-fields.js";
import { createLogMethod } from "./log-method.js";
import { observed } from "./observed.js";
import { createRedactor, type Redactor } from "./redact.js";
import { createSampler, type Sampler } from "./sampler.js";
import type { Logging, LoggingHooks, LoggingSettings } from "./settings.js";
import { createFaultReport } from "./sinks/losses.js";
import { openSinks } from "./sinks/open.js";
import { createTimestamp } from "./timestamp.js";

/**
 * Makes the service's logger. Throws an ObservabilityError `TELLTALE_OPTION` when the destination cannot be
 * opened; afterwards no log call throws, whatever is logged and whatever the destination does.
 */
export function createLogger(settings: LoggingSettings, hooks: LoggingHooks): Logging {
  const fault = createFaultReport(hooks);
  const redactor = createRedactor(settings.redact);
  const { format, ids } = createFormat(settings, hooks, fault);
  // Before the sinks: what it has to say at exit is written before they are flushed.
  const sampler = openSampler(settings, hooks, fault);
  const sink = openSinks(settings, { hooks, format, sender: settings });
  const options = pinoOptions({ settings, hooks, fault, redactor, format, ids, sampler });
  // Both arguments: a lone sink would be taken for options.
  const root = pino(options, sink);
  writeKnownLines(root, format.messageKey, redactor);
  const { components, levels } = createParts(root, settings, { format, redactor });
  guardChildren(root, components, redactor);
  const reopen = (): void => sink.reopen();
  return {
    logger: observed(root, { components, levels, reopen }),
    counts: components.counts,
    flush: () => sink.flushSync(),
    reopen,
    close() {
      levels.close();
      sampler?.close();
      return sink.close();
    },
  };
}

interface Wiring {
  readonly settings: LoggingSettings;
  readonly hooks: LoggingHooks;
  readonly redactor: Redactor;
  readonly format: LineFormat;
  readonly sampler: Sampler | undefined;
  ids(): string;
  fault(error: unknown): void;
}

function createFormat(
  settings: LoggingSettings,
  hooks: LoggingHooks,
  fault: Wiring["fault"],
): Pick<Wiring, "format" | "ids"> {
  const format = FORMATS[settings.format]({ ...settings, hasIds: () => ids() !== "" });
  function ids(): string {
    try {
      return hooks.logChunk(format.writeIds);
    } catch (error) {
      fault(error);
      return "";
    }
  }
  return { format, ids };
}

function pinoOptions(wiring: Wiring): LoggerOptions {
  const { settings, hooks, fault, redactor, format, ids, sampler } = wiring;
  const fieldsOf = createLineFields(
    redactor,
    createContextFields(hooks, redactor, fault),
    createIsKnown(redactor, format),
  );
  const logMethod = createLogMethod({ redactor, format, fieldsOf, fault });
  return {
    level: settings.level,
    base: null,
    messageKey: format.messageKey,
    ...(format.nestedKey === undefined ? {} : { nestedKey: format.nestedKey }),
    timestamp: createTimestamp(format.timeKey, ids),
    formatters: { level: (label) => format.level(label) },
    hooks: { logMethod: sampler?.wrap(logMethod) ?? logMethod },
    serializers: {
      // Errors arrive here as plain copies already; pino's own serializer would take them apart again.
      err: (error: unknown) => error,
      [format.messageKey]: (text: unknown) => messageOf(text, redactor),
    },
  };
}

function createParts(
  root: Logger,
  settings: LoggingSettings,
  { format, redactor }: Pick<Wiring, "format" | "redactor">,
): { components: Components; levels: Levels } {
  const components = createComponents({
    root,
    child: root.child,
    head: (name) => headOf(format, name === undefined ? format.noComponent : redactor.walk().value(name)),
    levelOf: (name) => levels.of(name),
  });
  const levels = createLevels({
    ...settings,
    apply: components.apply,
    current: components.levelOf,
  });
  return { components, levels };
}

/** The members that stand in every line of a component, as pino keeps them: with a comma before each. */
function headOf({ base, componentKey }: LineFormat, component: unknown): string {
  const members = JSON.stringify({ ...base, [componentKey]: component }).slice(1, -1);
  return members === "" ? "" : `,${members}`;
}

function openSampler(
  { sample }: LoggingSettings,
  hooks: LoggingHooks,
  fault: Wiring["fault"],
): Sampler | undefined {
  if (sample?.first === undefined) return undefined;
  const { first, thereafter = 0, intervalMs = 1000, key } = sample;
  const { apart = (work) => work() } = hooks;
  const onDropped = (): void => hooks.dropped?.("all", "sampled", 1);
  return createSampler({ first, thereafter, intervalMs, key }, { onDropped, fault, apart });
}

/** pino writes a symbol as what is no JSON. */
function messageOf(text: unknown, redactor: Redactor): unknown {
  if (typeof text === "string") return redactor.text(text);
  return typeof text === "symbol" || typeof text === "bigint" ? String(text) : text;
}
