/** One line with a number. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar: { labels: Readonly<Record<string, string>>; value: number; seconds: number } | undefined;
}

/** One family. */
export interface ParsedFamily {
  readonly name: string;
  type: string;
  help: string;
  unit: string;
  readonly samples: ParsedSample[];
}

const STRING = String.raw`"((?:[^"\\\n]|\\[n"\\])*)"`;
const LABELS = String.raw`\{((?:[a-zA-Z_]\w*=${STRING},?)*)\}`;
const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|Inf|NaN)|NaN`;
const SAMPLE = new RegExp(
  `^([a-zA-Z_:][\\w:]*)(?:${LABELS})? (${NUMBER})(?: # ${LABELS} (${NUMBER}) ([\\d.]+))?$`,
);
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ["_total"],
  gauge: [""],
  unknown: [""],
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};

/** Reads what the grammar of OpenMetrics 1.0.0 allows, as far as it is written here; throws on anything else. */
export function parseOpenMetrics(text: string): ParsedFamily[] {
  const families: ParsedFamily[] = [];
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.pop() !== "# EOF") throw new Error("no EOF");
  for (const line of lines) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === undefined) addSample(families.at(-1), line);
    else describe(familyOf(families, name), kind, rest);
  }
  return families;
}

function familyOf(families: ParsedFamily[], name: string): ParsedFamily {
  const last = families.at(-1);
  if (last?.name === name) return last;
  if (families.some((family) => family.name === name)) throw new Error(`family ${name} comes twice`);
  const family = { name, type: "", help: "", unit: "", samples: [] };
  families.push(family);
  return family;
}

function describe(family: ParsedFamily, kind: string, rest: string): void {
  if (family.samples.length > 0) throw new Error(`${kind} of ${family.name} after its samples`);
  if (kind === "HELP") family.help = unescaped(rest);
  else if (kind === "TYPE") family.type = rest;
  else family.unit = rest;
  if (kind === "UNIT" && !family.name.endsWith(`_${rest}`)) throw new Error(`unit ${rest} of ${family.name}`);
}

function addSample(family: ParsedFamily | undefined, line: string): void {
  const match = SAMPLE.exec(line);
  if (match === null || family === undefined) throw new Error(`not a sample: ${line}`);
  const [, name = "", labels = "", , value = "", seen, , seenValue, seconds] = match;
  const isOwn = SUFFIXES[family.type]?.some((suffix) => name === family.name + suffix);
  if (isOwn !== true) throw new Error(`${name} in ${family.type} ${family.name}`);
  const exemplar =
    seenValue === undefined
      ? undefined
      : { labels: labelsOf(seen ?? ""), value: toNumber(seenValue), seconds: Number(seconds) };
  family.samples.push({ name, labels: labelsOf(labels), value: toNumber(value), exemplar });
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name = "", value = ""] of text.matchAll(new RegExp(`(\\w+)=${STRING}`, "g")))
    labels[name] = unescaped(value);
  return labels;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_all, char: string) => (char === "n" ? "\n" : char));
}

function toNumber(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
