import type { Context } from "@opentelemetry/api";

const FIELDS: symbol = Symbol.for("telltale.fields");
// A recursion that adds a field each time must not fill the memory; the log shows no more of them either.
const MAX_FIELDS = 64;

/** Fields of the log lines of some work. */
export type LineFields = Readonly<Record<string, unknown>>;

/** The fields that the lines of a context carry, if any. */
export function fieldsOf(ctx: Context): LineFields | undefined {
  return ctx.getValue(FIELDS) as LineFields | undefined;
}

/** The context with more fields; one that is named again has its new value. Of more than 64 the first are kept. Throws what a getter throws. */
export function withFields(ctx: Context, fields: object): Context {
  const merged = Object.entries({ ...fieldsOf(ctx), ...fields }).slice(0, MAX_FIELDS);
  return ctx.setValue(FIELDS, Object.freeze(Object.fromEntries(merged)));
}
