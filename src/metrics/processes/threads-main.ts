import { randomUUID } from "node:crypto";
import { createMisuse } from "../families/misuse.js";
import type { ExposedFleet } from "./fleet.js";
import { createJournal } from "./journal.js";
import type { Exposed, Threads, ThreadsParts } from "./threads.js";
import { openThreadChannel } from "./threads-channel.js";
import { onWorkerEnd } from "./threads-ends.js";
import type { ThreadMessage } from "./threads-messages.js";
import type { ThreadMirror } from "./threads-mirror.js";
import { createThreadQuestions } from "./threads-questions.js";
import { createThreadRoster } from "./threads-roster.js";
import type { Update } from "./types.js";

/** Joins the main thread's instance with those in worker threads, which it shows as one. */
export function createMainThread(parts: ThreadsParts): Threads {
  const misuse = createMisuse("threads", parts.report);
  const id = randomUUID();
  const channel = openThreadChannel(parts.service, hear, (error) =>
    misuse.count("fault", () => String(error)),
  );
  const questions = createThreadQuestions((question) => channel.post({ kind: "ask", to: id, question }));
  const roster = createThreadRoster(id, questions);
  const sum = createThreadSum(parts);
  const undo = onWorkerEnd(bury);
  channel.post({ kind: "hello" });

  function hear(message: ThreadMessage): void {
    if (message.kind === "ended") bury(message.thread);
    else if ("from" in message) roster.hear(message);
  }

  function retire(mirror: ThreadMirror): void {
    sum.retire(mirror);
    roster.remove(mirror);
  }

  // All that the thread said has arrived, and its memory holds all that it recorded.
  function bury(thread: number): void {
    channel.drain();
    for (const mirror of roster.of(thread)) retire(mirror);
  }

  function readThreads(): void {
    channel.drain();
    for (const mirror of roster.all()) {
      if (mirror.isGone) retire(mirror);
      else sum.take(mirror);
    }
  }

  return {
    share: undefined,
    async expose() {
      channel.drain();
      if (!sum.isBegun && roster.size === 0) return parts.own();
      return sum.read(() => questions.ask(roster.all()), readThreads);
    },
    exposeNow() {
      channel.drain();
      return !sum.isBegun && roster.size === 0 ? parts.own() : sum.readNow(readThreads);
    },
    close() {
      readThreads();
      for (const mirror of roster.all()) retire(mirror);
      undo();
      channel.close();
    },
  };
}

/** The sum of the main thread and all others. */
interface ThreadSum {
  /** True once a thread was added. */
  readonly isBegun: boolean;
  /** Adds what a thread's memory holds. */
  take(mirror: ThreadMirror): void;
  /** Adds it for the last time. */
  retire(mirror: ThreadMirror): void;
  /** Waits for `collect`, then adds this thread and, in the same turn, what `readThreads` takes. */
  read(collect: () => Promise<void>, readThreads: () => void): Promise<Exposed>;
  /** Adds them all without waiting for anything. */
  readNow(readThreads: () => void): Exposed;
}

const OWN = "main";

function createThreadSum({ own, createFleet, report }: ThreadsParts): ThreadSum {
  const journal = createJournal({ view: () => own().view, report });
  let fleet: ExposedFleet | undefined;
  let reading: Promise<Exposed> | undefined;

  function begin(): ExposedFleet {
    fleet ??= createFleet();
    return fleet;
  }

  async function read(collect: () => Promise<void>, readThreads: () => void): Promise<Exposed> {
    await collect();
    const update = await journal.next();
    reading = undefined;
    return add(update, readThreads);
  }

  function add(update: Update, readThreads: () => void): Exposed {
    const sum = begin();
    sum.apply(OWN, update);
    readThreads();
    return { view: sum.view, exposition: sum.exposition };
  }

  return {
    get isBegun() {
      return fleet !== undefined;
    },
    take: (mirror) => begin().apply(mirror.from, mirror.next()),
    retire(mirror) {
      begin().apply(mirror.from, mirror.next());
      begin().retire(mirror.from);
    },
    // Scrapes that come while the callbacks run share them.
    read: (collect, readThreads) => (reading ??= read(collect, readThreads)),
    readNow: (readThreads) => add(journal.now(), readThreads),
  };
}
