import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type Elected, elect } from "./group-election.js";
import { type GroupFolder, hasMembers } from "./group-folder.js";
import { createHub, type Hub, type HubParts } from "./hub.js";
import { createHubLog } from "./hub-log.js";
import { createHubSources } from "./hub-sources.js";
import { createPeer, type Peer } from "./peer.js";
import type { Fleet } from "./types.js";

/** What this process is in its group. */
export type Role =
  | { readonly hub: Hub; stop(): Promise<void>; leave(): void }
  | { readonly peer: Peer; readonly address: string; stop?: undefined; leave(): void };

/** This process's place in its group, which changes when a hub goes. */
export interface Member {
  /** Where the group meets. */
  readonly folder: GroupFolder;
  /** The role, once there is one; undefined when none could be had for now. Never rejects. */
  role(): Promise<Role | undefined>;
  /** Seeks no other role; resolves when nothing that this process does for the group is unfinished. */
  stop(): Promise<void>;
  /** Gives the role back. Idempotent. */
  leave(): void;
}

/** A fleet and its exposition. */
export interface Sum {
  readonly fleet: Fleet;
  readonly expose: HubParts["expose"];
}

/** What a member is made from. */
export interface MemberParts extends Pick<HubParts, "self" | "teller" | "timeoutMs" | "report"> {
  openFolder(): GroupFolder;
  /** True for a group joined by name, which begins anew when none of its processes is left. */
  readonly isNamed: boolean;
  createSum(): Sum;
  /** How many others the last scrape heard; undefined where this process is not the hub any more. */
  onCounts(counts: Parameters<HubParts["onCounts"]>[0] | undefined): void;
}

/** A lost hub is looked for at once; where that goes wrong, after so many milliseconds, doubled each time. */
const PAUSE_MS = { first: 10, longest: 1_000 };

/** Joins a group and stays in it. Throws when the folder of the group cannot be had. */
export function createMember(parts: MemberParts): Member {
  const folder = parts.openFolder();
  let isOver = false;
  let pauseMs = 0;
  let role = seek();

  async function seek(): Promise<Role | undefined> {
    try {
      if (pauseMs > 0) await setTimeout(pauseMs, undefined, { ref: false });
      if (isOver || isDissolved()) return undefined;
      const elected = await elect(folder);
      return "server" in elected ? preside({ ...parts, folder }, elected, again) : connected(elected);
    } catch (error) {
      parts.report(error);
      again(false);
      return undefined;
    }
  }

  // A primary that ends takes the folder along.
  function isDissolved(): boolean {
    if (existsSync(folder.path)) return false;
    if (parts.isNamed) parts.openFolder();
    return !parts.isNamed;
  }

  function connected({ socket, address }: Extract<Elected, { socket: unknown }>): Role {
    const peer = createPeer({ ...parts, source: parts.self, socket, onEnd: again });
    return { peer, address, leave: peer.close };
  }

  function again(wasSound: boolean): void {
    pauseMs = wasSound ? 0 : Math.min(PAUSE_MS.longest, pauseMs * 2 || PAUSE_MS.first);
    if (!isOver) role = seek();
  }

  return {
    folder,
    role: () => role,
    async stop() {
      isOver = true;
      await (await role)?.stop?.();
    },
    leave() {
      isOver = true;
      void role.then((held) => held?.leave());
    },
  };
}

// Not one turn may pass before the hub listens to its server: a connection that comes earlier would be nobody's.
function preside(
  { folder, ...parts }: MemberParts & Pick<Member, "folder">,
  { server, place }: Extract<Elected, { server: unknown }>,
  again: (wasSound: boolean) => void,
): Role {
  const log = createHubLog(folder.path);
  const sum = parts.createSum();
  const isAnew = parts.isNamed && !hasMembers(folder.path);
  const sources = createHubSources({ ...parts, log, fleet: sum.fleet, isAnew });
  const hub = createHub({ ...parts, ...sum, server, sources, onReview });
  void folder.sweep();

  // Its socket file is gone, or somebody who did not find it listens elsewhere: the group would be two.
  function onReview(): void {
    if (folder.isCurrent(place)) return;
    leave();
    again(false);
  }

  function leave(): void {
    hub.close();
    parts.onCounts(undefined);
  }

  return { hub, stop: hub.stop, leave };
}
