import { rmSync } from "node:fs";
import type { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { onProcessExit } from "../../process-exit.js";
import type { PipeOptions } from "../types.js";
import { leaveWords } from "./exit-words.js";
import { openGroupFolder } from "./group-folder.js";
import type { GroupKey } from "./group-key.js";
import { createMember, type MemberParts, type Role } from "./group-member.js";
import { createSource, stateOf } from "./group-source.js";
import { proxyScrape } from "./peer-scrape.js";
import { createTeller } from "./peer-teller.js";
import type { Journal } from "./types.js";

/** Processes that answer a scrape as one. */
export interface Group {
  /** Writes the sum over the group; false when it cannot be had and nothing was written. Rejects when it broke off. */
  scrape(writable: Writable, options: PipeOptions): Promise<boolean>;
  /** Leaves in order: what this process counted stays in the sum. Never rejects. */
  close(): Promise<void>;
}

/** What a group is joined with. */
export interface GroupParts extends Pick<MemberParts, "createSum" | "onCounts" | "report" | "timeoutMs"> {
  readonly key: GroupKey;
  /** Tells of this process's families. */
  readonly journal: Journal;
  /** Folder for temporary files. Default: the system's. */
  readonly temporary?: string;
}

const RETRY_MS = 20;

/** Joins a group: as its hub when there is none, else connected to it. Throws when the folder of the group cannot be had. */
export function joinGroup(parts: GroupParts): Group {
  const { key, timeoutMs, report } = parts;
  const self = createSource();
  const teller = createTeller(parts.journal);
  const openFolder = () => openGroupFolder(key.folder, parts.temporary);
  const member = createMember({ ...parts, self, teller, openFolder, isNamed: key.anchor === undefined });
  const forgetExit = onProcessExit(exit);
  let closed: Promise<void> | undefined;

  // Workers go with their primary: nobody needs the folder of a group whose primary has ended.
  function exit(): void {
    try {
      const { anchor } = key;
      const isLast = anchor === process.pid || (anchor !== undefined && !stateOf(anchor).isAlive);
      if (isLast) rmSync(member.folder.path, { recursive: true, force: true });
      else leaveWords(member.folder.path, self, teller.tellNow());
    } catch {
      return; // Nobody is left to tell.
    }
  }

  async function attempt(role: Role | undefined, writable: Writable, options: PipeOptions): Promise<boolean> {
    if (role === undefined) return false;
    if ("hub" in role) return role.hub.scrape(writable, options).then(() => true);
    // The hub itself waits, first for the others, then for its own callbacks.
    const parts = { address: role.address, writable, options, timeoutMs: 2 * timeoutMs };
    return (await proxyScrape(parts)) !== "nothing";
  }

  async function leave(): Promise<void> {
    const pause = setTimeout(timeoutMs, undefined, { ref: false });
    await Promise.race([member.stop(), pause]);
    const words = await Promise.race([teller.tell({ isWhole: true, isQuiet: false }), pause]);
    leaveWords(member.folder.path, self, words ?? teller.tellNow());
  }

  function end(): void {
    forgetExit();
    member.leave();
  }

  return {
    async scrape(writable, options) {
      const untilMs = performance.now() + 2 * timeoutMs;
      // A hub that went is followed by another within milliseconds.
      while (closed === undefined) {
        if (await attempt(await member.role(), writable, options)) return true;
        if (performance.now() > untilMs) return false;
        await setTimeout(RETRY_MS, undefined, { ref: false });
      }
      return false;
    },
    close() {
      closed ??= leave().catch(report).finally(end);
      return closed;
    },
  };
}
