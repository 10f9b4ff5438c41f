/** What follows work to its end. */
export interface Follower {
  /** Runs a part of the work where it belongs. */
  run<T>(part: () => T): T;
  /** The work has ended; may be told twice. */
  ended(): void;
  /** It has ended with what was thrown. */
  failed(error: unknown): void;
}

type Step = (this: unknown, value?: unknown) => unknown;
type Stepped = Record<"next" | "return" | "throw", Step>;
interface Result {
  readonly done?: boolean;
}

const STEPS = ["next", "return", "throw"] as const;

/**
 * Runs `work` and follows what it returns: a promise until it settles, a generator of either kind until its end, a throw
 * or an early return, each step run where the work belongs; anything else has ended already. What comes out and what is
 * thrown is what the work gave, but for a promise, of which a new one is returned: to follow it aside would make a
 * rejection that nobody handles look handled.
 */
export function follow<R>(work: () => R, follower: Follower): R {
  const result = guarded(() => follower.run(work), follower);
  if (isThenable(result)) return settled(result, follower) as R;
  if (isStepped(result, Symbol.iterator)) return shadow(result, stepOf(follower));
  if (isStepped(result, Symbol.asyncIterator)) return shadow(result, asyncStepOf(follower));
  follower.ended();
  return result;
}

function guarded<T>(run: () => T, { failed }: Follower): T {
  try {
    return run();
  } catch (error) {
    failed(error);
    throw error;
  }
}

function settled(result: PromiseLike<unknown>, { ended, failed }: Follower): PromiseLike<unknown> {
  return result.then(
    (value) => {
      ended();
      return value;
    },
    (error: unknown) => {
      failed(error);
      throw error;
    },
  );
}

type Wrap = (step: Step) => Step;

function stepOf(follower: Follower): Wrap {
  return (step) =>
    function followed(this: unknown, ...value) {
      const result = guarded(() => follower.run(() => step.apply(this, value)), follower) as Result;
      if (result.done === true) follower.ended();
      return result;
    };
}

function asyncStepOf(follower: Follower): Wrap {
  return (step) =>
    function followed(this: unknown, ...value) {
      const result = guarded(() => follower.run(() => step.apply(this, value)), follower);
      return (result as Promise<Result>).then(
        (found) => {
          if (found.done === true) follower.ended();
          return found;
        },
        (error: unknown) => {
          follower.failed(error);
          throw error;
        },
      );
    };
}

// On the generator itself: it stays the object that it was, for `instanceof` and for the helpers of iterators.
function shadow<G extends Stepped>(generator: G, wrap: Wrap): G {
  for (const name of STEPS)
    Object.defineProperty(generator, name, {
      value: wrap(generator[name]),
      configurable: true,
      writable: true,
    });
  return generator;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && "then" in value && typeof value.then === "function";
}

// By all three methods, which no stream and no iterator of a collection has.
function isStepped<R>(value: R, iterator: symbol): value is R & Stepped {
  return (
    isObject(value) &&
    iterator in value &&
    STEPS.every((name) => typeof (value as Partial<Stepped>)[name] === "function")
  );
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
