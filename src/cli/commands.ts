import type { Command } from "./command.js";

/** A command before its code is loaded. */
export interface CommandEntry {
  readonly name: string;
  /** One line for `telltale --help`. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** Every subcommand, in the order of `telltale --help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "healthcheck",
    summary: "Asks a health endpoint; exits with 0 or 1. For HEALTHCHECK in a Dockerfile.",
    load: async () => (await import("./healthcheck.js")).healthcheck,
  },
];
