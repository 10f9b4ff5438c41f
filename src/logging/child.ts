import type { Bindings, ChildLoggerOptions, Logger } from "pino";
import { bind, boundOf, Serialized } from "./bound.js";
import { cleanFields, type Serializers } from "./clean-fields.js";
import { type Components, HAS_COMPONENT } from "./components.js";
import type { Fields } from "./formats/format.js";
import { HOST_SERIALIZERS, serializersOf } from "./line-fields.js";
import type { Redactor } from "./redact.js";

/**
 * Makes the children of one logger keep their bindings as cleaned fields, which each line is given: pino's own way is
 * text beside the line's, where a name can stand twice. The methods are shadowed on this one logger; its children
 * inherit them.
 */
export function guardChildren(
  root: Logger,
  components: Pick<Components, "join" | "of">,
  redactor: Redactor,
): void {
  const { child, bindings } = root;

  function guardedChild(this: Logger, given?: Bindings, options?: ChildLoggerOptions): Logger {
    const host = { ...serializersOf(this), ...guardSerializers(options?.serializers, redactor) };
    const fields = cleanBindings(given, host, options);
    const name = takeComponent(this, fields);
    // A component's children follow its level.
    const parent = (name !== undefined && this === root ? components.of(name) : undefined) ?? this;
    const made = Reflect.apply(child, parent, [{}, passOn(options, host)]) as Logger;
    if (options?.serializers !== undefined) Object.defineProperty(made, HOST_SERIALIZERS, { value: host });
    if (name !== undefined && parent === this) components.join(made, name, options?.level === undefined);
    if (Object.keys(fields).length > 0) bind(made, fields);
    return made;
  }

  function cleanBindings(
    given: Bindings | undefined,
    host: Serializers,
    options?: ChildLoggerOptions,
  ): Fields {
    const format = options?.formatters?.bindings;
    const source =
      format === undefined ? given : (attempt(format as (value: unknown) => unknown, given) as Bindings);
    const fields = typeof source === "object" && source !== null ? cleanFields(source, redactor, host) : {};
    for (const name in host) {
      if (name in fields) fields[name] = new Serialized(host[name]?.(fields[name]));
    }
    return fields;
  }

  function guardedSetBindings(this: Logger, given: Bindings): void {
    const fields = cleanBindings(given, serializersOf(this));
    const name = takeComponent(this, fields);
    if (name !== undefined) components.join(this, name, false);
    bind(this, fields);
  }

  function allBindings(this: Logger): Bindings {
    const own = Object.entries(boundOf(this) ?? {}).map(([name, value]) => [name, unwrap(value)]);
    return { ...bindings.call(this), ...Object.fromEntries(own) };
  }

  shadow(root, { child: guardedChild, setBindings: guardedSetBindings, bindings: allBindings });
}

function shadow(root: Logger, methods: Readonly<Record<string, unknown>>): void {
  for (const name in methods)
    Object.defineProperty(root, name, { value: methods[name], writable: true, configurable: true });
}

/** The component that bindings name, taken out of them; undefined where the logger has one already. */
function takeComponent(logger: Logger, fields: Fields): string | undefined {
  const { component } = fields;
  if (HAS_COMPONENT in logger || typeof component !== "string" || component === "") return undefined;
  delete fields["component"];
  return component;
}

/** pino's options without what is seen to here. */
function passOn(
  options: ChildLoggerOptions | undefined,
  serializers: Serializers,
): ChildLoggerOptions | undefined {
  if (options === undefined) return undefined;
  const passed = options.serializers === undefined ? { ...options } : { ...options, serializers };
  if (passed.formatters?.bindings !== undefined) {
    const { bindings: _bindings, ...formatters } = passed.formatters;
    passed.formatters = formatters;
  }
  return passed;
}

function guardSerializers(serializers: Serializers | undefined, redactor: Redactor): Serializers {
  const guarded: Record<string, (value: unknown) => unknown> = {};
  for (const [name, serialize] of Object.entries(serializers ?? {})) {
    guarded[name] = (value) =>
      value instanceof Serialized ? value.value : redactor.walk().field(name, attempt(serialize, value));
  }
  return guarded;
}

function unwrap(value: unknown): unknown {
  return value instanceof Serialized ? value.value : value;
}

function attempt(serialize: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return serialize(value);
  } catch {
    return "[throws]";
  }
}
