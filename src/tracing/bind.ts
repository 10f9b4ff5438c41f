import { EventEmitter } from "node:events";
import type { Context } from "@opentelemetry/api";

type Listener = (this: unknown, ...args: unknown[]) => unknown;
type Subscribe = EventEmitter["on"];

/** Runs `fn` in a context. */
export type Run = (
  context: Context,
  fn: Listener,
  ...rest: [thisArg?: unknown, ...args: unknown[]]
) => unknown;

const BOUND: symbol = Symbol.for("telltale.bound");

/** A function that always runs in `context`; an emitter whose later listeners do. Anything else comes back as it is. */
export function bind<T>(run: Run, context: Context, target: T): T {
  if (typeof target === "function") return bindFunction(run, context, target as unknown as Listener) as T;
  if (target instanceof EventEmitter && !(BOUND in target)) bindEmitter(run, context, target);
  return target;
}

function bindFunction(run: Run, context: Context, fn: Listener): Listener {
  if (BOUND in fn) return fn;
  function bound(this: unknown, ...args: unknown[]): unknown {
    return run(context, fn, this, ...args);
  }
  return Object.defineProperty(bound, "length", { value: fn.length, configurable: true });
}

function bindEmitter(run: Run, context: Context, emitter: EventEmitter): void {
  const { on, addListener, prependListener } = emitter;
  const every =
    (subscribe: Subscribe): Subscribe =>
    (event, listener) =>
      subscribe.call(emitter, event, mark(bindFunction(run, context, listener), listener));
  const once =
    (subscribe: Subscribe): Subscribe =>
    (event, listener) => {
      const bound = bindFunction(run, context, listener);
      const first: Listener = function (...args) {
        emitter.removeListener(event, first);
        return bound.apply(this, args);
      };
      return subscribe.call(emitter, event, mark(first, listener));
    };
  shadow(emitter, {
    on: every(on),
    addListener: every(addListener),
    prependListener: every(prependListener),
    once: once(on),
    prependOnceListener: once(prependListener),
  });
}

// removeListener() also matches a listener by its `listener` property, as once() relies on, so removal needs no shadow.
function mark(bound: Listener, listener: Listener): Listener {
  return bound === listener ? bound : Object.assign(bound, { listener, [BOUND]: true });
}

function shadow(emitter: EventEmitter, methods: Record<string, Subscribe>): void {
  Object.defineProperty(emitter, BOUND, { value: true });
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(emitter, name, { value, configurable: true, writable: true });
  }
}
