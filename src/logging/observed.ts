import type { LevelWithSilent, Logger } from "pino";
import { type Components, ROOT } from "./components.js";
import type { LevelOptions, LevelState, Levels } from "./levels.js";

/** Sets levels at run time. */
export interface SetLevel {
  /** Sets the level of the service's logger and of all components that have none of their own. Throws TELLTALE_OPTION. */
  (level: LevelWithSilent, options?: LevelOptions): void;
  /** Sets the level of one component, also of one that is not there yet; null takes it back. Throws TELLTALE_OPTION. */
  (component: string, level: LevelWithSilent | null, options?: LevelOptions): void;
}

/** A pino logger with children by component. */
export type ObservedLogger = Logger & {
  /** Opens log files anew after they were renamed, as SIGHUP does. Never throws. */
  reopen(): void;
  /** The child whose lines carry `component: name`; the same one for the same name. */
  component(name: string): Logger;
  /**
   * Sets a level at run time, for good or for `forMs` milliseconds.
   *
   * @example
   * obs.logger.setLevel("db", "debug", { forMs: 600_000 });
   */
  readonly setLevel: SetLevel;
  /** The levels of the service's logger, under `root`, and of each component. */
  componentLevels(): Record<string, LevelState>;
};

/** What a logger of ours has beyond pino's. */
export interface Extras {
  readonly components: Components;
  readonly levels: Levels;
  reopen(): void;
}

/** Gives a logger what ours have beyond pino's. */
export function observed(root: Logger, { components, levels, reopen }: Extras): ObservedLogger {
  function setLevel(name: string, second?: string | null | LevelOptions, options?: LevelOptions): void {
    if (typeof second === "string" || second === null) levels.set(name, second ?? undefined, options);
    else levels.set(ROOT, name, second);
  }

  function componentLevels(): Record<string, LevelState> {
    const names = [...new Set([ROOT, ...levels.names(), ...components.names()])];
    return Object.fromEntries(names.map((name) => [name, levels.state(name)]));
  }

  return Object.assign(root, { component: components.component, setLevel, componentLevels, reopen });
}
