import { createHash } from "node:crypto";
import { stateOf } from "./group-source.js";

/** Which processes belong together. */
export interface GroupKey {
  /** Name of the group's folder. */
  readonly folder: string;
  /** The process that all of them descend from; undefined when they were joined by a name. */
  readonly anchor?: number;
}

/** What the key is made of. */
export interface GroupSurroundings {
  /** The service's name: processes of another service are another group. */
  readonly service: string;
  /** The option `metrics.group`; undefined to detect. */
  readonly group: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ppid: number;
  /** True in a worker of node:cluster. */
  readonly isWorker: boolean;
}

/** Raised when frames or updates change, so that two versions of this package never mix. */
const PROTOCOL = 2;

/**
 * Finds the group of this process: the one that was named; in PM2's cluster mode the daemon's, by application; in a
 * worker of node:cluster its primary's. Undefined for a process on its own.
 */
export function findGroup({ service, group, env, ppid, isWorker }: GroupSurroundings): GroupKey | undefined {
  if (group !== undefined) return { folder: `n-${digest("name", group, service)}` };
  if (isPm2Cluster(env)) return anchored(ppid, digest("pm2", env["namespace"], env["name"], service));
  return isWorker ? clusterGroup(service, ppid) : undefined;
}

/** The group of a node:cluster primary and its workers. */
export function clusterGroup(service: string, primary: number): GroupKey {
  return anchored(primary, digest("cluster", service));
}

/** The process that a group's folder is named after. */
export function anchorOf(folder: string): { pid: number; start: string } | undefined {
  const [, pid, start] = /^p(\d+)-(\d+)-/.exec(folder) ?? [];
  return pid === undefined || start === undefined ? undefined : { pid: Number(pid), start };
}

// PM2 puts the application's settings into the environment of each process: lib/God.js and lib/ProcessContainer.js.
function isPm2Cluster(env: GroupSurroundings["env"]): boolean {
  return env["pm_id"] !== undefined && env["exec_mode"] === "cluster_mode";
}

function anchored(pid: number, hash: string): GroupKey {
  return { folder: `p${pid}-${stateOf(pid).start}-${hash}`, anchor: pid };
}

function digest(...parts: readonly (string | undefined)[]): string {
  return createHash("sha256")
    .update(JSON.stringify([PROTOCOL, ...parts]))
    .digest("hex")
    .slice(0, 16);
}
