/** How something looked, piece by piece. */
export type Snapshot = ReadonlyMap<string, unknown>;

interface EmitterLike {
  eventNames(): (string | symbol)[];
  listenerCount(name: string | symbol): number;
}

// An emitter keeps its listeners here; they are counted by themselves.
const LISTENERS: ReadonlySet<PropertyKey> = new Set(["_events", "_eventsCount"]);

/** The own properties of objects. */
export function ownProperties(objects: readonly object[]): Snapshot {
  const pieces = objects.flatMap((object, i) =>
    Reflect.ownKeys(object)
      .filter((key) => !LISTENERS.has(key))
      .flatMap((key) => describe(`${i}.${String(key)}`, object, key)),
  );
  return new Map(pieces);
}

/** The own methods and accessors of objects, which work does not change as it does other properties. */
export function ownMethods(objects: readonly object[]): Snapshot {
  return new Map([...ownProperties(objects)].filter(([, value]) => typeof value === "function"));
}

/** The number of listeners to each event of the process and of those of `objects` that emit any. */
export function listenerCounts(objects: readonly object[]): Snapshot {
  const pieces = [process, ...objects.filter(isEmitter)].flatMap((emitter, i) =>
    emitter.eventNames().map((name) => [`${i}.${String(name)}`, emitter.listenerCount(name)] as const),
  );
  return new Map(pieces);
}

/** What keeps the process alive: how many of each kind. */
export async function activeHandles(): Promise<Snapshot> {
  // A timer counts as active until its callback is over, so look from outside of any.
  await new Promise((resolve) => setImmediate(resolve));
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** The pieces of both, each the lesser of the two: what stays when the passing is gone. */
export function lesser(one: Snapshot, other: Snapshot): Snapshot {
  const kept = [...one].filter(([key]) => other.has(key));
  return new Map(kept.map(([key, value]) => [key, Math.min(Number(value), Number(other.get(key)))]));
}

/** The pieces that came, went or changed. */
export function changed(before: Snapshot, after: Snapshot): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => !Object.is(before.get(key), after.get(key)));
}

/** The pieces that came, or of which there are more. */
export function added(before: Snapshot, after: Snapshot): string[] {
  return [...after.keys()].filter(
    (key) => !before.has(key) || Number(after.get(key)) > Number(before.get(key)),
  );
}

function describe(name: string, object: object, key: PropertyKey): [string, unknown][] {
  const { value, get, set, enumerable } = Object.getOwnPropertyDescriptor(object, key) ?? {};
  return [
    [name, value],
    [`${name} (get)`, get],
    [`${name} (set)`, set],
    [`${name} (enumerable)`, enumerable],
  ];
}

// A prototype such as Express's `app.request` has the methods of an emitter, but no events.
function isEmitter(object: object): object is EmitterLike {
  const { eventNames, _events } = object as Partial<EmitterLike> & { _events?: unknown };
  return typeof eventNames === "function" && typeof _events === "object";
}
