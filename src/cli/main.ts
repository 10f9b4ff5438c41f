import type { Command, CommandOutput } from "./command.js";
import { COMMANDS, type CommandEntry } from "./commands.js";

const NAME_WIDTH = 14;

/** Runs one command line, without `node` and the script; resolves to the exit code and never rejects. */
export async function main(
  [name, ...args]: readonly string[],
  output: CommandOutput,
  commands: readonly CommandEntry[] = COMMANDS,
): Promise<number> {
  if (name === undefined) return refuse("expected a command", listCommands(commands), output);
  if (isHelp(name)) return tell(listCommands(commands), output);
  if (name === "--version") return tell([version()], output);
  const entry = commands.find((command) => command.name === name);
  if (entry === undefined) return refuse(`unknown command "${name}"`, listCommands(commands), output);
  try {
    const command = await entry.load();
    if (args.some(isHelp)) return tell(helpOf(entry, command), output);
    return await command.run(args, output);
  } catch (error) {
    output.err(`telltale ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function isHelp(arg: string): boolean {
  return arg === "--help" || arg === "-h";
}

function tell(lines: readonly string[], { out }: CommandOutput): number {
  for (const line of lines) out(line);
  return 0;
}

function refuse(complaint: string, lines: readonly string[], { err }: CommandOutput): number {
  for (const line of [`telltale: ${complaint}`, "", ...lines]) err(line);
  return 1;
}

function listCommands(commands: readonly CommandEntry[]): string[] {
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(NAME_WIDTH)}${summary}`);
  return [
    "Usage: telltale <command> [options]",
    "",
    ...rows,
    "",
    "telltale <command> --help tells its options; telltale --version the version.",
  ];
}

function helpOf({ summary }: CommandEntry, { usage: [synopsis, ...options] }: Command): string[] {
  return [`Usage: telltale ${synopsis}`, "", summary, "", ...options.map((line) => `  ${line}`)];
}

function version(): string {
  return (require("../../package.json") as { version: string }).version;
}
