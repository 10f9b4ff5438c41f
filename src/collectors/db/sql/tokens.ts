/** A word, a name in quotes, or one character of punctuation. Strings, numbers and comments are not told. */
export interface Token {
  readonly kind: "word" | "name" | "mark" | "value";
  /** Empty for a value: a string, a number or a parameter. */
  readonly text: string;
}

/** How much of a text is looked at: what it is about stands at its beginning. */
const MAX_CHARS = 4096;

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /[0-9][\w.]*/y;
const DOLLAR = /\$(?:[A-Za-z_]\w*)?\$/y;
const SPACE = /\s+/y;
const QUOTES = "'\"`";

/**
 * The tokens of an SQL text, whose dialect is not known: where two dialects would disagree on where a string ends, the
 * text ends, so that nothing of a string is ever taken for code.
 */
export function* tokensOf(sql: string): Generator<Token> {
  const text = sql.length > MAX_CHARS ? sql.slice(0, MAX_CHARS) : sql;
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    const quiet = skipQuiet(text, at);
    if (quiet !== at) {
      at = quiet;
      continue;
    }
    const [token, end] = QUOTES.includes(char) ? readQuoted(text, at) : readPlain(text, at);
    // Cut off by the limit: a part of a name is none.
    if (end > text.length || (end === text.length && text.length < sql.length)) return;
    at = end;
    yield token;
  }
}

const VALUE: Token = { kind: "value", text: "" };
const NEVER = Number.POSITIVE_INFINITY;

function readQuoted(text: string, at: number): [Token, number] {
  const quote = text[at] as string;
  const end = endOfQuoted(text, at);
  if (quote === "'") return [VALUE, end];
  return [{ kind: "name", text: text.slice(at + 1, end - 1) }, end];
}

// A backslash before a quote escapes it in MySQL, and is an ordinary character in standard SQL.
function endOfQuoted(text: string, at: number): number {
  const quote = text[at] as string;
  let end = text.indexOf(quote, at + 1);
  while (end >= 0) {
    if (isEscaped(text, end) && quote !== "`") return NEVER;
    if (text[end + 1] !== quote) return end + 1;
    end = text.indexOf(quote, end + 2);
  }
  return NEVER;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

function readPlain(text: string, at: number): [Token, number] {
  const word = matchAt(WORD, text, at);
  if (word !== undefined) return [{ kind: "word", text: word }, at + word.length];
  const number = matchAt(NUMBER, text, at);
  if (number !== undefined) return [VALUE, at + number.length];
  const tag = matchAt(DOLLAR, text, at);
  if (tag !== undefined) {
    const end = text.indexOf(tag, at + tag.length);
    return [VALUE, end < 0 ? NEVER : end + tag.length];
  }
  return [{ kind: "mark", text: text[at] as string }, at + 1];
}

/** Where the space or comment at `at` ends; `at` itself where there is none. */
function skipQuiet(text: string, at: number): number {
  const space = matchAt(SPACE, text, at);
  if (space !== undefined) return at + space.length;
  if (text.startsWith("/*", at)) return endOfBlock(text, at);
  if (text.startsWith("--", at)) return endOfLine(text, at, /\s/.test(text[at + 2] ?? " "));
  // PostgreSQL's operators begin so.
  if (text[at] === "#" && !/[>#-]/.test(text[at + 1] ?? "")) return endOfLine(text, at, false);
  return at;
}

// PostgreSQL nests comments, others do not.
function endOfBlock(text: string, at: number): number {
  const end = text.indexOf("*/", at + 2);
  const inner = text.indexOf("/*", at + 2);
  return end < 0 || (inner >= 0 && inner < end) ? NEVER : end + 2;
}

// To another dialect it may be no comment: then a quote in it would begin a string.
function endOfLine(text: string, at: number, isCertain: boolean): number {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline + 1;
  return isCertain || !/['"`$]/.test(text.slice(at, end)) ? end : NEVER;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
