const BAGGAGE = /^(baggage$|uberctx-)/;

/**
 * What of the propagated headers goes beside those that the caller set. One that names a trace itself means that trace:
 * ours would be another's. Baggage is left as the caller wrote it, name by name.
 */
export function headersToAdd(
  headers: Readonly<Record<string, string>>,
  has: (name: string) => boolean,
): [name: string, value: string][] {
  const entries = Object.entries(headers);
  const isTraced = entries.some(([name]) => !BAGGAGE.test(name) && has(name));
  return entries.filter(([name]) => (BAGGAGE.test(name) ? !has(name) : !isTraced));
}
