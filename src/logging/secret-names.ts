/** What a name says about its value: nothing, that it is secret, or that it is a URL. */
export type NameKind = "plain" | "secret" | "url";

/** Tells the kind of a key, header or query parameter by its name. */
export type NameRule = (name: string) => NameKind;

// Tails, so that dbPassword, client_secret, id_token and x-api-key are met as well. `tokens` is left alone: it is a count.
const SECRET =
  /(?:passw(?:or)?ds?|passphrase|pwd|secrets?|token|authorization|cookies?|(?:api|private|secret|access|signing|encryption)keys?|accesskeyid|session(?:id|key)?|credentials?|connectionstring|cardn(?:umber|o)|cvv2?|cvc2?)$/;
const URL_NAME = /(?:ur[li]|href|referr?er|location|dsn)$/;
const SEPARATORS = /[-_.\s]/g;
const MAX_NAME_CHARS = 128;
const MAX_REMEMBERED = 2000;

function squash(name: string): string {
  return name.slice(-MAX_NAME_CHARS).toLowerCase().replace(SEPARATORS, "");
}

function judge(name: string, extra: ReadonlySet<string>): NameKind {
  const squashed = squash(name);
  if (SECRET.test(squashed) || extra.has(squashed)) return "secret";
  return URL_NAME.test(squashed) ? "url" : "plain";
}

/** Makes the rule for the built-in names and the `extra` ones; case, `-`, `_` and `.` do not count. */
export function createNameRule(extra: readonly string[] = []): NameRule {
  const extras = new Set(extra.map(squash));
  const known = new Map<string, NameKind>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const kind = judge(name, extras);
    if (known.size < MAX_REMEMBERED && name.length <= MAX_NAME_CHARS) known.set(name, kind);
    return kind;
  };
}
