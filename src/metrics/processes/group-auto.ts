import type { Writable } from "node:stream";
import { isMainThread } from "node:worker_threads";
import type { PipeOptions } from "../types.js";
import { type Group, type GroupParts, joinGroup } from "./group.js";
import { clusterGroup, findGroup, type GroupKey } from "./group-key.js";

/** What decides whether this process belongs to a group. */
export interface AutoGroupParts extends Omit<GroupParts, "key" | "journal"> {
  readonly service: string;
  /** The option `metrics.group`: a name, false for no group, undefined to detect one. */
  readonly group: string | false | undefined;
  /** Makes the journal, and whatever else a member of a group needs. Called when a group is joined. */
  createJournal(): GroupParts["journal"];
  /** Told once what a scrape that this process answers for itself alone means. */
  warn(message: string): void;
}

type Cluster = typeof import("node:cluster").default;

/**
 * Joins the group that this process belongs to: at once, or, in a primary of node:cluster, with its first worker. A
 * process without siblings pays for one listener.
 */
export function joinGroupOf(parts: AutoGroupParts): Group {
  const cluster = isMainThread ? loadCluster() : undefined;
  const isWorker = cluster?.isWorker === true;
  const { service, env, ppid } = { service: parts.service, env: process.env, ppid: process.ppid };
  const key =
    parts.group === false || !isMainThread
      ? undefined
      : findGroup({ service, group: parts.group, env, ppid, isWorker });
  const isSibling = isWorker || key !== undefined;
  let group = key && join(parts, key);
  let isTold = false;
  const onFork = (): void => {
    group ??= join(parts, clusterGroup(service, process.pid));
  };
  const isWatching = cluster?.isPrimary === true && key === undefined && parts.group === undefined;
  if (isWatching) watch(cluster, onFork);

  async function scrape(writable: Writable, options: PipeOptions): Promise<boolean> {
    if (group !== undefined && (await group.scrape(writable, options))) return true;
    if ((isSibling || group !== undefined) && !isTold) parts.warn(aloneMessage(parts.group));
    isTold = true;
    return false;
  }

  return {
    scrape,
    async close() {
      // What a scrape shows from now on is known to be this process's own.
      isTold = true;
      if (isWatching) cluster.off("fork", onFork);
      await group?.close();
    },
  };
}

function join(parts: AutoGroupParts, key: GroupKey): Group | undefined {
  try {
    return joinGroup({ ...parts, key, journal: parts.createJournal() });
  } catch (error) {
    parts.report(error);
    return undefined;
  }
}

function watch(cluster: Cluster, onFork: () => void): void {
  cluster.on("fork", onFork);
  if (Object.keys(cluster.workers ?? {}).length > 0) onFork();
}

function aloneMessage(group: AutoGroupParts["group"]): string {
  const why =
    group === false
      ? "metrics.group is false: remove it, or let the primary answer with prom-client's AggregatorRegistry"
      : "the other processes could not be reached: see the fault of the part `group` before this one";
  return `a scrape shows this process alone, one of several behind one port, so that counters seem to jump; ${why}`;
}

// Some application servers do not allow it.
function loadCluster(): Cluster | undefined {
  try {
    return process.getBuiltinModule("node:cluster") as unknown as Cluster;
  } catch {
    return undefined;
  }
}
