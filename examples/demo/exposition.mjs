/**
 * @typedef {Record<string, string>} Labels
 * @typedef {{ labels: Labels, value: number }} Sample  one line of the text format
 * @typedef {{ labels: Labels, count: number, sum: number, bounds: [number, number][] }} Distribution
 *   `bounds`: upper bound and cumulative count, ascending
 * @typedef {{ name: string, type: string, samples: Sample[], distributions: Distribution[] }} Family
 */

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/**
 * Reads the Prometheus text format, as far as the demo needs it.
 *
 * @param {string} text
 * @returns {Family[]}
 */
export function parseExposition(text) {
  /** @type {Family[]} */
  const families = [];
  for (const line of text.split("\n")) {
    const [, name = "", type = ""] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (name !== "") families.push({ name, type, samples: [], distributions: [] });
    const family = families.at(-1);
    if (family !== undefined && !line.startsWith("#")) readSample(family, line);
  }
  return families;
}

/** @param {Family} family @param {string} line */
function readSample(family, line) {
  const [, name = "", body = "", text = ""] = SAMPLE.exec(line) ?? [];
  if (name === "") return;
  const labels = readLabels(body);
  const value = toNumber(text);
  if (family.type !== "histogram") return void family.samples.push({ labels, value });
  const { le = "", ...rest } = labels;
  const distribution = distributionOf(family, rest);
  if (name.endsWith("_bucket")) distribution.bounds.push([toNumber(le), value]);
  else if (name.endsWith("_sum")) distribution.sum = value;
  else distribution.count = value;
}

/** @param {string} body @returns {Labels} */
function readLabels(body) {
  const pairs = [...body.matchAll(LABEL)].map(([, name = "", value = ""]) => [name, unescapeValue(value)]);
  return Object.fromEntries(pairs);
}

/** @param {string} value */
function unescapeValue(value) {
  return value.replace(/\\(.)/g, (_all, char) => (char === "n" ? "\n" : char));
}

/** @param {string} text */
function toNumber(text) {
  return text === "+Inf" ? Number.POSITIVE_INFINITY : Number(text);
}

/** @param {Family} family @param {Labels} labels @returns {Distribution} */
function distributionOf(family, labels) {
  const key = JSON.stringify(labels);
  const known = family.distributions.find((one) => JSON.stringify(one.labels) === key);
  if (known !== undefined) return known;
  const fresh = { labels, count: 0, sum: 0, bounds: [] };
  family.distributions.push(fresh);
  return fresh;
}

/**
 * Estimates a quantile as Prometheus' `histogram_quantile()` does: linearly within the bucket it falls into; beyond
 * the last bound, that bound. NaN without observations.
 *
 * @param {number} share 0 to 1
 * @param {Distribution} distribution
 */
export function estimateQuantile(share, { count, bounds }) {
  const rank = share * count;
  const at = bounds.findIndex(([, cumulative]) => cumulative >= rank);
  if (count === 0 || at < 0) return Number.NaN;
  const [lower, below] = bounds[at - 1] ?? [0, 0];
  const [upper, upTo] = bounds[at] ?? [0, 0];
  if (upper === Number.POSITIVE_INFINITY) return lower;
  return upTo === below ? upper : lower + ((upper - lower) * (rank - below)) / (upTo - below);
}
