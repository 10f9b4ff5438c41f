import type { Sender } from "./threads-messages.js";

const PATIENCE_MS = 200;

/** Asks the other threads to run their collect callbacks. */
export interface ThreadQuestions {
  /** Resolves when all have answered, or after 200 ms. A thread that was silent is waited for again once it answers. */
  ask(threads: readonly Sender[]): Promise<void>;
  /** Comes with each answer. */
  answer(from: string, question: number): void;
  /** The thread is gone and will not answer. */
  forget(from: string): void;
}

/** Makes questions; `post` sends one to all threads. */
export function createThreadQuestions(post: (question: number) => void): ThreadQuestions {
  let asked = 0;
  const silent = new Set<string>();
  let awaited = new Set<string>();
  let finish: () => void = () => undefined;

  function heard(from: string): void {
    awaited.delete(from);
    if (awaited.size === 0) finish();
  }

  async function ask(threads: readonly Sender[]): Promise<void> {
    awaited = new Set(threads.map(({ from }) => from).filter((from) => !silent.has(from)));
    asked++;
    post(asked);
    if (awaited.size === 0) return;
    await new Promise<void>((resolve) => {
      finish = resolve;
      setTimeout(resolve, PATIENCE_MS).unref();
    });
    for (const from of awaited) silent.add(from);
  }

  return {
    ask,
    answer(from, question) {
      silent.delete(from);
      if (question === asked) heard(from);
    },
    forget(from) {
      silent.delete(from);
      heard(from);
    },
  };
}
