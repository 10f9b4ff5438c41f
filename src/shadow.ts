import type { Detach } from "./collector.js";

/**
 * Puts `method` before the one that `target` has, on this one object, and returns the way back: what the object itself
 * had is restored, unless somebody has put another on top since.
 */
export function shadow<T extends object, K extends keyof T>(target: T, name: K, method: T[K]): Detach {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    value: method,
    writable: true,
    configurable: true,
    enumerable: own?.enumerable ?? false,
  });
  return () => {
    if (target[name] !== method) return;
    if (own === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, own);
  };
}
