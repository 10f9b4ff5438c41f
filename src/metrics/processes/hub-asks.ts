/** Asks somebody who answers one question at a time. */
export interface Asks {
  /** Resolves once a question that was put after this call is answered, or nobody will. */
  ask(isQuiet: boolean): Promise<void>;
  /** The question that is out was answered. */
  answered(): void;
  /** There will be no answers any more. */
  end(): void;
}

interface Question {
  isQuiet: boolean;
  readonly done: Promise<void>;
  resolve(): void;
}

/** Makes the asker; `put` puts one question. Whoever asks while one is out waits for the next, which all of them share. */
export function createAsks(put: (isQuiet: boolean) => void): Asks {
  let out: Question | undefined;
  let next: Question | undefined;
  let isOver = false;

  function start(question: Question): Promise<void> {
    out = question;
    put(question.isQuiet);
    return question.done;
  }

  return {
    ask(isQuiet) {
      if (isOver) return Promise.resolve();
      if (out === undefined) return start(createQuestion(isQuiet));
      next ??= createQuestion(isQuiet);
      next.isQuiet &&= isQuiet;
      return next.done;
    },
    answered() {
      out?.resolve();
      out = undefined;
      const question = next;
      next = undefined;
      if (question !== undefined) void start(question);
    },
    end() {
      isOver = true;
      out?.resolve();
      next?.resolve();
    },
  };
}

function createQuestion(isQuiet: boolean): Question {
  let resolve: () => void = () => undefined;
  const done = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { isQuiet, done, resolve: () => resolve() };
}
