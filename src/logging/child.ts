import type { Bindings, ChildLoggerOptions, Logger } from "pino";
import type { Serializers } from "./clean-fields.js";
import { HOST_SERIALIZERS, type LogMethod } from "./log-method.js";
import type { Redactor } from "./redact.js";

/**
 * Makes the children of one logger clean their bindings and what the host's serializers answer, both of which
 * pino renders without asking a hook. The methods are shadowed on this one logger; its children inherit them.
 */
export function guardChildren(root: Logger, method: LogMethod, redactor: Redactor): void {
  const { child, setBindings } = root;

  function guardedChild(this: Logger, bindings?: Bindings, options?: ChildLoggerOptions): Logger {
    const host = { ...hostSerializers(this), ...guardSerializers(options?.serializers, redactor) };
    const clean = method.bindings(bindings ?? {}, this, host);
    const passed = options?.serializers === undefined ? options : { ...options, serializers: host };
    const made = Reflect.apply(child, this, [clean, passed]) as Logger;
    if (options?.serializers !== undefined) Object.defineProperty(made, HOST_SERIALIZERS, { value: host });
    return made;
  }

  function guardedBindings(this: Logger, bindings: Bindings): void {
    setBindings.call(this, method.bindings(bindings, this, hostSerializers(this)));
  }

  Object.defineProperty(root, "child", { value: guardedChild, writable: true, configurable: true });
  Object.defineProperty(root, "setBindings", { value: guardedBindings, writable: true, configurable: true });
}

function hostSerializers(logger: Logger): Serializers {
  return HOST_SERIALIZERS in logger ? (logger[HOST_SERIALIZERS] as Serializers) : {};
}

function guardSerializers(serializers: Serializers | undefined, redactor: Redactor): Serializers {
  const guarded: Record<string, (value: unknown) => unknown> = {};
  for (const [name, serialize] of Object.entries(serializers ?? {})) {
    guarded[name] = (value) => redactor.walk().field(name, attempt(serialize, value));
  }
  return guarded;
}

function attempt(serialize: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return serialize(value);
  } catch {
    return "[throws]";
  }
}
