/** Where a command writes. */
export interface CommandOutput {
  out(line: string): void;
  err(line: string): void;
}

/** A subcommand of `telltale`: one file in this folder, one line in commands.ts. */
export interface Command {
  /** Synopsis after `telltale`, e.g. `healthcheck [--timeout ms] <url>`, then its options, a line each. */
  readonly usage: readonly [synopsis: string, ...options: string[]];
  /** Runs with the arguments after its name; resolves to the exit code. A rejection is printed, and exits with 1. */
  run(args: readonly string[], output: CommandOutput): Promise<number>;
}
