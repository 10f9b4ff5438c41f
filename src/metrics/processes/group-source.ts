import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

/** What the system knows of a process. */
export interface ProcessState {
  /** Start, in ticks since the machine started; "0" where the system does not tell. Pids are used again, these are not. */
  readonly start: string;
  readonly isAlive: boolean;
}

const SOURCE = /^(\d+)-(\d+)-[0-9a-f]{8}$/;
const DEAD = /^[ZX]/;

/** A name for one instance in this process: pid, start and a random part. */
export function createSource(): string {
  return `${process.pid}-${stateOf(process.pid).start}-${randomBytes(4).toString("hex")}`;
}

/** True for what {@link createSource} may have made; file names are made of it. */
export function isSource(value: unknown): value is string {
  return typeof value === "string" && SOURCE.test(value);
}

/** True while the process behind a source runs. */
export function isRunning(source: string): boolean {
  const [, pid, start] = SOURCE.exec(source) ?? [];
  const state = stateOf(Number(pid));
  return state.isAlive && state.start === start;
}

/** Looks a process up: in /proc where there is one, else by a signal that is not sent. */
export function stateOf(pid: number): ProcessState {
  try {
    // The name in parentheses may hold anything; field 3 follows the last parenthesis. See proc(5).
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { start: fields[19] ?? "0", isAlive: !DEAD.test(fields[0] ?? "") };
  } catch {
    return { start: "0", isAlive: answersSignal(pid) };
  }
}

function answersSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
