// On the server, for it may belong to another copy of the package.
const OWN = Symbol.for("telltale.own-server");

/** Marks a server as the observer's own: a shutdown leaves it to be closed last. Returns the server. */
export function markOwn<T extends object>(server: T): T {
  return Object.defineProperty(server, OWN, { value: true });
}

/** True for a server that is marked so. */
export function isOwn(server: object): boolean {
  return Reflect.get(server, OWN) === true;
}
