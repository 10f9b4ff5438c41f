import { type Logger, pino } from "pino";
import { COUNTS, type LineCounts, noLines } from "./line-counts.js";

/** The loggers of the service's parts. */
export interface Components {
  /** The child whose lines carry the component `name`; the same one for the same name. */
  component(name: string): Logger;
  /** The same, while it is one that is kept. */
  of(name: string): Logger | undefined;
  /** Makes a logger one of a component's. With `follow` it begins with the component's level. */
  join(logger: Logger, name: string, follow: boolean): void;
  /** Sets the level of a component's logger; undefined leaves it to the logger of the service. */
  apply(name: string, level: string | undefined): void;
  /** The level at which a kept component, or `root`, writes now. */
  levelOf(name: string): string | undefined;
  /** Names of the components that are kept. */
  names(): Iterable<string>;
  /** Lines written, by component and by pino's number of the level in tens. */
  counts(): ReadonlyMap<string, LineCounts>;
}

/** What components are made of. */
export interface ComponentParts {
  readonly root: Logger;
  /** pino's own `child`. */
  readonly child: Logger["child"];
  /** The text of the members that every line of a component has. */
  head(component?: string): string;
  /** The level set for a component. */
  levelOf(name: string): string | undefined;
}

/** Marks a logger whose lines have a component of their own. */
export const HAS_COMPONENT: unique symbol = Symbol("telltale.component");
/** Name of the service's own logger among components. */
export const ROOT = "root";
const OVERFLOW = "__overflow__";
const MAX_COMPONENTS = 1000;
const MAX_COUNTED = 100;

/** Keeps the loggers of components: at most 1000, counted by name up to 100. */
export function createComponents({ root, child, head, levelOf }: ComponentParts): Components {
  const loggers = new Map<string, Logger>();
  const counted = new Map<string, LineCounts>();
  become(root, head(), countsOf(ROOT));

  function countsOf(name: string): LineCounts {
    const key = counted.has(name) || counted.size < MAX_COUNTED ? name : OVERFLOW;
    const known = counted.get(key) ?? noLines();
    counted.set(key, known);
    return known;
  }

  function join(logger: Logger, name: string, follow: boolean): void {
    become(logger, head(name), countsOf(name));
    Object.defineProperty(logger, HAS_COMPONENT, { value: true });
    const level = levelOf(name);
    if (follow && level !== undefined) logger.level = level;
  }

  function component(name: string): Logger {
    const known = loggers.get(name);
    if (known !== undefined) return known;
    const made = Reflect.apply(child, root, [{}]) as Logger;
    join(made, name, true);
    if (loggers.size < MAX_COMPONENTS) loggers.set(name, made);
    return made;
  }

  return {
    component,
    join,
    of: (name) => (loggers.has(name) || loggers.size < MAX_COMPONENTS ? component(name) : undefined),
    levelOf: (name) => (name === ROOT ? root : loggers.get(name))?.level,
    names: () => loggers.keys(),
    counts: () => counted,
    apply(name, level) {
      const logger = name === ROOT ? root : loggers.get(name);
      if (logger === undefined) return;
      if (level === undefined) inheritLevel(logger);
      else logger.level = level;
    },
  };
}

function become(logger: Logger, head: string, counts: LineCounts): void {
  const { chindingsSym } = pino.symbols;
  Object.defineProperty(logger, chindingsSym, { value: head, writable: true, configurable: true });
  Object.defineProperty(logger, COUNTS, { value: counts, configurable: true });
}

/** Takes away the level of a child's own: pino keeps it, and a method for each level, on the child itself. */
function inheritLevel(logger: Logger): void {
  const own = logger as unknown as Record<string | symbol, unknown>;
  for (const name of [...Object.keys(logger.levels.values), "silent", pino.symbols.levelValSym])
    delete own[name];
}
