import { randomUUID } from "node:crypto";
import { threadId } from "node:worker_threads";
import { createMisuse } from "../families/misuse.js";
import { collectView } from "./journal.js";
import { createSharedRows } from "./shared-rows.js";
import type { Threads, ThreadsParts } from "./threads.js";
import { openThreadChannel } from "./threads-channel.js";
import { onOwnEnd, onWorkerEnd } from "./threads-ends.js";
import type { FromMain, ThreadMessage } from "./threads-messages.js";

/** Joins an instance in a worker thread with the main thread's, which shows them all. */
export function createWorkerThread({ service, own, report }: ThreadsParts): Threads {
  const misuse = createMisuse("threads", report);
  const sender = { from: randomUUID(), thread: threadId };
  const channel = openThreadChannel(service, hear, (error) => misuse.count("fault", () => String(error)));
  const rows = createSharedRows(sender, channel.post);
  const undo = [
    onWorkerEnd((thread) => channel.post({ kind: "ended", thread })),
    onOwnEnd(() => channel.post({ kind: "gone", ...sender })),
  ];

  function hear(message: ThreadMessage): void {
    if (message.kind === "hello") rows.sayAll();
    if (message.kind === "ask") void answer(message);
  }

  async function answer({ to, question }: Extract<FromMain, { kind: "ask" }>): Promise<void> {
    const foreign = await collectView(own().view, report);
    rows.expire();
    channel.post({ kind: "answer", ...sender, to, question, foreign });
  }

  return {
    share: rows.share,
    async expose() {
      misuse.once(
        "scrape",
        () =>
          "found a scrape in a worker thread, which shows that thread alone. Scrape the main thread, whose instance of the same service shows all threads.",
      );
      return own();
    },
    exposeNow: own,
    close() {
      channel.post({ kind: "gone", ...sender });
      for (const one of undo) one();
      channel.close();
    },
  };
}
