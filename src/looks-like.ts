/** True when `test` finds in a value the shape of `T`; what cannot even be read, such as a revoked proxy, has none. */
export function looksLike<T>(value: unknown, test: (value: Partial<T> & object) => boolean): value is T {
  try {
    return test(value as Partial<T> & object);
  } catch {
    return false;
  }
}
