import { execFile } from "node:child_process";

/** How a program ended. */
export interface Ending {
  /** Exit code; undefined when the program had to be killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const KILL_AFTER_MS = 60_000;

/** Runs a program in `cwd` until it exits by itself; one that stays is killed after a minute. */
export function runProgram(file: string, args: readonly string[], cwd: string): Promise<Ending> {
  const options = { cwd, timeout: KILL_AFTER_MS, killSignal: "SIGKILL" as const, maxBuffer: 64 * 2 ** 20 };
  return new Promise((resolve) => {
    const child = execFile(file, args, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? undefined, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** The same, for a step that must succeed: rejects with its output when it does not. */
export async function mustRun(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runProgram(file, args, cwd);
  if (code === 0) return stdout;
  throw new Error(`${[file, ...args].join(" ")} ended with ${code ?? "a kill"}\n${stdout}${stderr}`);
}
