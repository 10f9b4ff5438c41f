import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The project's folder, wherever the script was started from. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a program to its end and never throws.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, show?: boolean }} [options]
 *   `show` passes the output on as it comes; otherwise it is kept and returned. `timeoutMs` kills; default: none.
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function run(command, args, { cwd = root, env = process.env, timeoutMs = 0, show = false } = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk;
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.once("error", (error) => resolve({ ok: false, output: `${command}: ${error.message}` }));
    child.once("close", (code, signal) => {
      if (signal) output += `\n${command} was ended by ${signal}`;
      resolve({ ok: code === 0, output });
    });
  });
}
