import { REDACTED } from "./redact-url.js";

const JWT = /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g;
const SCHEME = /\b((?:bearer|basic)\s{1,4})([\w.~+/=-]{8,})/gi;
const PEM = /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?/g;
// 13 to 19 digits in groups; the first digits are those of the networks that issue cards, never those of a time.
const CARD = /(?<![\w.-])(?:2[2-7]|[3-6]\d)\d(?:[ -]?\d){10,16}(?![\w-])/g;
const CARD_MIN = 2e12;
const HAS_CARD = /\d(?:[ -]?\d){12}/;
const PLAIN_WORD = /^[a-z-]{1,15}$/;

/** Hides what is a secret by its looks: JSON web tokens, bearer and basic credentials, private keys, card numbers. */
export function redactValues(text: string): string {
  let clean = text;
  if (clean.includes("eyJ")) clean = clean.replace(JWT, REDACTED);
  if (clean.includes("PRIVATE KEY")) clean = clean.replace(PEM, REDACTED);
  if (hasScheme(clean))
    clean = clean.replace(SCHEME, (all, scheme: string, value: string) =>
      PLAIN_WORD.test(value) ? all : scheme + REDACTED,
    );
  return redactCards(clean);
}

/** Hides card numbers alone. */
export function redactCards(text: string): string {
  return HAS_CARD.test(text) ? text.replace(CARD, (digits) => (isCard(digits) ? REDACTED : digits)) : text;
}

/** A number that is a card's; any other as it is. */
export function redactNumber(value: number): number | string {
  return value > CARD_MIN && Number.isSafeInteger(value) && redactValues(String(value)) === REDACTED
    ? REDACTED
    : value;
}

function hasScheme(text: string): boolean {
  return /\b(?:bearer|basic)\s/i.test(text);
}

/**
 * The check digit of ISO/IEC 7812.
 *
 * @see https://en.wikipedia.org/wiki/Luhn_algorithm
 */
function isCard(text: string): boolean {
  let sum = 0;
  let isDoubled = false;
  for (let i = text.length - 1; i >= 0; i--) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) continue;
    const worth = isDoubled ? digit * 2 : digit;
    sum += worth > 9 ? worth - 9 : worth;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}
