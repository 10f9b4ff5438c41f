/** One line of a Prometheus exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Some labels of a sample; those not named may have any value. */
export type LabelMatch = Readonly<Record<string, string | number>>;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads an exposition in the text format; a line that is neither a sample nor a comment fails the test. */
export function parseExposition(text: string): Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(parseLine);
}

function parseLine(line: string): Sample {
  const [, name, labels = "", value] = LINE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
  const pairs = [...labels.matchAll(LABEL)].map(([, key, text]) => [key as string, unquote(text as string)]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value.replace("Inf", "Infinity")) };
}

function unquote(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
}

/** The samples of one name whose labels fit. */
export function find(samples: readonly Sample[], name: string, match: LabelMatch = {}): Sample[] {
  const wanted = Object.entries(match);
  return samples.filter(
    (sample) => sample.name === name && wanted.every(([key, value]) => sample.labels[key] === String(value)),
  );
}

/** The sum over the samples of one name whose labels fit; undefined when there is none. */
export function value(samples: readonly Sample[], name: string, match: LabelMatch = {}): number | undefined {
  const found = find(samples, name, match);
  return found.length === 0 ? undefined : found.reduce((sum, sample) => sum + sample.value, 0);
}

/** Every series of one name as `{ "GET /users/:id 200": 2 }`: the values of `labels`, joined by blanks, summed over the others. */
export function table(
  samples: readonly Sample[],
  name: string,
  labels: readonly string[],
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const sample of find(samples, name)) {
    const key = labels.map((label) => sample.labels[label]).join(" ");
    sums[key] = (sums[key] ?? 0) + sample.value;
  }
  return sums;
}
