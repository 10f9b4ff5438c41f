const refuse = (): never => {
  throw new Error("this value cannot be looked at");
};

const TRAPS: ProxyHandler<object> = {
  get: refuse,
  has: refuse,
  getPrototypeOf: refuse,
  getOwnPropertyDescriptor: refuse,
  ownKeys: refuse,
};

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** What `matches()` may be asked about and must say no to, by name. */
export function hostileValues(): readonly (readonly [name: string, value: unknown])[] {
  return [
    ["null", null],
    ["undefined", undefined],
    ["a number", 7],
    ["NaN", Number.NaN],
    ["a bigint", 7n],
    ["a string", "text"],
    ["a boolean", true],
    ["a symbol", Symbol("telltale")],
    ["an empty object", {}],
    ["an object without a prototype", Object.create(null)],
    ["an array", []],
    ["a map", new Map()],
    ["a promise", Promise.resolve()],
    ["an error", new Error("text")],
    ["a function", () => undefined],
    ["a class", class {}],
    ["a proxy that throws", new Proxy({}, TRAPS)],
    ["a function's proxy that throws", new Proxy(() => undefined, TRAPS)],
    ["a revoked proxy", revoked()],
  ];
}
