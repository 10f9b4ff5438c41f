import { type Token, tokensOf } from "./tokens.js";
import { DEFINERS, DIRECT, ENDS, FILLERS, KINDS, READERS, VERBS } from "./words.js";

/** What a text does and to what, in the order in which it says so. */
export interface Scan {
  /** Verbs and targets together. */
  readonly parts: readonly string[];
  /** The first verb. */
  readonly operation: string;
  readonly targets: readonly string[];
}

/** One pair of parentheses, or the statement around them. */
interface Level {
  verb: string;
  /** The next name is a target. */
  isExpecting: boolean;
  /** In a list of targets: a comma leads to the next. */
  isListing: boolean;
  /** In WITH: before the name of a part, or after it. */
  cte: "name" | "body" | undefined;
}

const MAX_PARTS = 8;
const MAX_TARGETS = 4;
const NAME = /^[\w$\u0080-\uffff-]{1,64}$/;

interface Reading {
  readonly parts: string[];
  readonly targets: string[];
  /** Names that WITH gives: no tables. */
  readonly own: Set<string>;
  readonly levels: Level[];
  operation: string;
  /** The token before, in capitals. */
  before: string;
  /** A target so far, while its parts (`schema.table`) come in. */
  name: string[] | undefined;
}

/** Reads verbs and targets out of a text, at most four of these; never a literal. */
export function scan(sql: string): Scan {
  const reading: Reading = {
    parts: [],
    targets: [],
    own: new Set(),
    levels: [newLevel()],
    operation: "",
    before: "",
    name: undefined,
  };
  for (const token of tokensOf(sql)) {
    take(reading, token);
    reading.before = token.text.toUpperCase();
    if (reading.parts.length >= MAX_PARTS) break;
  }
  settleName(reading);
  const { parts, operation, targets } = reading;
  return { parts, operation: operation || "OTHER", targets };
}

function take(reading: Reading, token: Token): void {
  const isNamed = token.kind === "word" || token.kind === "name";
  if (reading.name !== undefined && isNamed && reading.before === ".") {
    reading.name.push(token.text);
    return;
  }
  if (reading.name !== undefined && token.kind === "mark" && token.text === ".") return;
  settleName(reading);
  if (isNamed) takeWord(reading, token);
  else if (token.kind === "mark") takeMark(reading, token.text);
  else topOf(reading).isExpecting = false;
}

function takeWord(reading: Reading, token: Token): void {
  const word = token.kind === "word" ? token.text.toUpperCase() : "";
  const level = topOf(reading);
  if (level.cte !== undefined && takeCte(reading, token.text, word)) return;
  if (level.verb === "" && word === "WITH") level.cte = "name";
  else if (word !== "" && takeVerb(reading, word)) return;
  else if (isKind(reading, word)) {
    reading.parts[reading.parts.length - 1] = `${level.verb} ${word}`;
    level.isExpecting = true;
  } else if (opensList(level, word, reading.before))
    Object.assign(level, { isExpecting: true, isListing: true });
  else if (ENDS.has(word)) Object.assign(level, { isExpecting: false, isListing: false });
  else if (level.isExpecting && !FILLERS.has(word)) {
    level.isExpecting = false;
    reading.name = [token.text];
  }
}

// True for what belongs to the list of WITH itself.
function takeCte(reading: Reading, text: string, word: string): boolean {
  const level = topOf(reading);
  if (level.cte === "body") return !VERBS.has(word);
  if (word === "RECURSIVE") return true;
  reading.own.add(text.toLowerCase());
  level.cte = "body";
  return true;
}

function takeVerb(reading: Reading, word: string): boolean {
  const level = topOf(reading);
  const isFirst = level.verb === "" || level.verb === "EXPLAIN";
  if (!isFirst && word !== "SELECT") return false;
  if (isFirst && !VERBS.has(word)) {
    if (reading.parts.length === 0) addVerb(reading, "OTHER");
    return false;
  }
  addVerb(reading, word);
  Object.assign(level, { isExpecting: DIRECT.has(word), isListing: false, cte: undefined });
  return true;
}

function addVerb(reading: Reading, verb: string): void {
  topOf(reading).verb = verb;
  reading.operation ||= verb;
  reading.parts.push(verb);
}

function takeMark({ levels }: Reading, mark: string): void {
  const level = levels.at(-1) as Level;
  if (mark === "(") {
    levels.push(level.isExpecting ? { ...newLevel(), isExpecting: true, isListing: true } : newLevel());
    level.isExpecting = false;
  } else if (mark === ")" && levels.length > 1) levels.pop();
  else if (mark === ";") levels.splice(0, levels.length, newLevel());
  else if (mark === "," && level.cte === "body") level.cte = "name";
  else if (mark === ",") level.isExpecting = level.isListing;
}

function settleName(reading: Reading): void {
  const target = reading.name?.map(cleanName).join(".");
  reading.name = undefined;
  if (target === undefined || reading.own.has(target.toLowerCase()) || reading.targets.length >= MAX_TARGETS)
    return;
  reading.targets.push(target);
  reading.parts.push(target);
}

function topOf({ levels }: Reading): Level {
  return levels.at(-1) as Level;
}

function isKind(reading: Reading, word: string): boolean {
  const { verb } = topOf(reading);
  return DEFINERS.has(verb) && KINDS.has(word) && reading.parts.at(-1) === verb;
}

function newLevel(): Level {
  return { verb: "", isExpecting: false, isListing: false, cte: undefined };
}

// `extract(year from x)` stands at a level without a verb, `IS DISTINCT FROM` compares.
function opensList({ verb, isListing }: Level, word: string, before: string): boolean {
  if (word === "JOIN" || word === "STRAIGHT_JOIN") return verb !== "" || isListing;
  if (word === "FROM") return READERS.has(verb) && before !== "DISTINCT";
  return word === "INTO" && verb !== "SELECT" && verb !== "" && DIRECT.has(verb);
}

// Tables of a month or a shard are one table; what stands in quotes may be anything.
function cleanName(name: string): string {
  return NAME.test(name) ? name.replace(/\d{2,}(?:_\d+)*/g, "*") : "*";
}
