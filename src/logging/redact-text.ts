import { REDACTED, redactCredentials } from "./redact-url.js";
import { redactCards, redactValues } from "./redact-values.js";
import type { NameRule } from "./secret-names.js";

// Every pattern is bounded or stops at a character that starts the next match, so a hostile text costs linear time.
const AFTER_SCHEME = /:\/\/([^\s"'`<>]+)/g;
const ASSIGNMENT = /([\w.%-]{1,64}) ?= ?(?!\[redacted])([^\s&;,"'`<>)\]}]+)/g;
const QUOTED = /([\w.%-]{1,64})(\s{0,2}[:=]\s{0,2}(["']))(?:[^"'\\]|\\.)*\3/g;
// A header as it is sent: its value is the rest of the line.
const HEADER = /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(: ?)(?!\[redacted])[^\r\n"'`]+/gi;
const PASSWORD =
  /\b([\w.-]{0,32}(?:password|passwd|passphrase|pwd))(: {0,2})(?!\[redacted])([^\s"'`,;)\]}]+)/gi;
const JSON_STRING = /"([^"\\]{1,64})"(\s{0,8}:\s{0,8})"(?:[^"\\]|\\.)*"?/g;

// One look at a text instead of one for each pattern, a tenth of their price: whatever they hide holds one of these, or
// is a card number. Of a colon, what stands before it counts: routes are full of `/:id`.
const SUSPECT = /[='"]|:\/\/|[neydNEYD]:|eyJ|PRIVATE KEY|[rcRC]\s/;

/** Makes a function that hides secrets inside free text: messages, stacks, bodies kept as strings. */
export function createTextRedactor(rule: NameRule): (text: string) => string {
  const isSecret = (name: string): boolean => rule(name) === "secret";

  return (text) => {
    if (!SUSPECT.test(text)) return redactCards(text);
    let clean = text;
    if (clean.includes("://"))
      clean = clean.replace(AFTER_SCHEME, (_, rest: string) => `://${redactCredentials(rest)}`);
    if (clean.includes("'") || clean.includes('"')) {
      clean = clean.replace(QUOTED, (all, name: string, opening: string) =>
        isSecret(name) ? `${name}${opening}${REDACTED}${opening.at(-1)}` : all,
      );
    }
    if (clean.includes("=")) {
      clean = clean.replace(ASSIGNMENT, (all, name: string) =>
        isSecret(name) ? `${name}=${REDACTED}` : all,
      );
    }
    if (clean.includes('":') || clean.includes('" :')) {
      clean = clean.replace(JSON_STRING, (all, name: string, colon: string) =>
        isSecret(name) ? `"${name}"${colon}"${REDACTED}"` : all,
      );
    }
    if (clean.includes(":")) {
      clean = clean.replace(HEADER, `$1$2${REDACTED}`).replace(PASSWORD, `$1$2${REDACTED}`);
    }
    return redactValues(clean);
  };
}
