import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { pino } from "pino";
import { refuse, type SinkMaker } from "./maker.js";
import type { TransportSinkOptions } from "./options.js";
import { isObject, required, text } from "./rules.js";
import { TransportSink } from "./transport-sink.js";

const ERROR_KEY = "err";

/** A transport made for pino, by its module, in a worker thread. */
export const transport: SinkMaker = {
  to: "transport",
  main: "target",
  keys: {
    target: required(text),
    options: {
      expected: "an object that can be sent to a worker thread: no functions in it",
      accepts: (value) => isObject(value) && isCloneable(value),
    },
  },
  open({ target, options = {} }: TransportSinkOptions, { where, lose, keys }) {
    const file = resolveTarget(target);
    if (file === undefined)
      throw refuse(`${where}.target`, target, "a module that is installed, or the path of one");
    const config = {
      levels: pino.levels,
      messageKey: keys.messageKey,
      errorKey: ERROR_KEY,
    };
    return new TransportSink({ file, options, config }, lose);
  },
};

function isCloneable(value: object): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** As the service would find it: from the file that was started, from its folder, then from here. */
function resolveTarget(target: string): string | undefined {
  if (target.startsWith("file://")) return target;
  if (isAbsolute(target)) return pathToFileURL(target).href;
  const cwd = join(process.cwd(), "index.js");
  for (const base of [process.argv[1] ?? cwd, cwd, __filename]) {
    try {
      return pathToFileURL(createRequire(base).resolve(target)).href;
    } catch {
      // The next may know it.
    }
  }
  return undefined;
}
