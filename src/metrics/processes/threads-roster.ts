import type { FromThread } from "./threads-messages.js";
import { createThreadMirror, type ThreadMirror } from "./threads-mirror.js";
import type { ThreadQuestions } from "./threads-questions.js";

/** The instances in other threads that the main thread has heard of. */
export interface ThreadRoster {
  readonly size: number;
  all(): ThreadMirror[];
  /** Those that a thread has. */
  of(thread: number): ThreadMirror[];
  hear(message: FromThread): void;
  remove(mirror: ThreadMirror): void;
}

/** Makes the roster of the instance `id` of the main thread. */
export function createThreadRoster(id: string, questions: ThreadQuestions): ThreadRoster {
  const mirrors = new Map<string, ThreadMirror>();

  // Only with its first family: what comes after an instance was retired makes no new one.
  function welcome(message: FromThread): ThreadMirror | undefined {
    if (message.kind !== "family") return undefined;
    const mirror = createThreadMirror(message);
    mirrors.set(message.from, mirror);
    return mirror;
  }

  return {
    get size() {
      return mirrors.size;
    },
    all: () => [...mirrors.values()],
    of: (thread) => [...mirrors.values()].filter((mirror) => mirror.thread === thread),
    hear(message) {
      const mirror = mirrors.get(message.from) ?? welcome(message);
      if (mirror === undefined || (message.kind === "answer" && message.to !== id)) return;
      mirror.hear(message);
      if (message.kind === "answer") questions.answer(message.from, message.question);
      if (message.kind === "gone") questions.forget(message.from);
    },
    remove({ from }) {
      mirrors.delete(from);
      questions.forget(from);
    },
  };
}
