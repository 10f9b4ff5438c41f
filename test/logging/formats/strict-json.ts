const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/gy;

/** Parses one JSON object like JSON.parse, but throws when a name stands twice in an object, at any depth. */
export function parseStrict(text: string): Record<string, unknown> {
  const value = JSON.parse(text) as unknown;
  const names: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (const [token] of text.trim().matchAll(TOKEN)) {
    const known = names.at(-1);
    if (token === "{" || token === "[") names.push(token === "{" ? new Set() : undefined);
    else if (token === "}" || token === "]") names.pop();
    else if (expectsName && known !== undefined && token.startsWith('"')) {
      const name = JSON.parse(token) as string;
      if (known.has(name)) throw new Error(`${token} stands twice in ${text}`);
      known.add(name);
    }
    expectsName = token === "{" || (token === "," && names.at(-1) !== undefined);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("no object");
  return value as Record<string, unknown>;
}
