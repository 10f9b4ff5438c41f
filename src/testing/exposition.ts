import type { Observability } from "../index.js";

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL_NAME = /([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g;

// What every series has in a service without labels of its own, and what histograms and summaries have besides.
const ADDED_LABELS = ["service", "le", "quantile"];

/** One line of an exposition. */
interface Sample {
  readonly name: string;
  readonly labelNames: readonly string[];
  readonly value: number;
}

/** Reads every sample that an observability exports now. */
async function readSamples(obs: Observability): Promise<Sample[]> {
  const text = await obs.metrics.registry.metrics();
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) return [];
    const labelNames = [...labels.matchAll(LABEL_NAME)].map(([, label]) => label as string);
    return [{ name, labelNames, value: Number(value) }];
  });
}

// Faults of telltale's own, and checks that run by themselves.
const OWN = new Set(["telltale", "health"]);

/** Everything that was counted so far, what telltale counts of itself left out: grows by the same amount for the same work. */
export async function countAll(obs: Observability): Promise<number> {
  const counters = obs.catalog.filter(({ type, owner }) => type === "counter" && !OWN.has(owner));
  const names = new Set(counters.map(({ exported }) => exported));
  const samples = await readSamples(obs);
  return samples.reduce((sum, { name, value }) => (names.has(name) ? sum + value : sum), 0);
}

/** The sum of every gauge that counts what is under way, which is zero when nothing is. */
export async function countInFlight(obs: Observability): Promise<number> {
  const gauges = obs.catalog.filter(({ name }) => name.endsWith("_in_flight"));
  const names = new Set(gauges.map(({ exported }) => exported));
  const samples = await readSamples(obs);
  return samples.reduce((sum, { name, value }) => (names.has(name) ? sum + value : sum), 0);
}

/** What is exported and not in the catalog: families, and labels of families. */
export async function findUndeclared(obs: Observability): Promise<string[]> {
  const samples = await readSamples(obs);
  return [...new Set(samples.flatMap((sample) => undeclaredIn(sample, obs)))];
}

function undeclaredIn({ name, labelNames }: Sample, obs: Observability): string[] {
  const bare = name.replace(/_(?:bucket|sum|count)$/, "");
  const entry = obs.catalog.find(({ exported }) => exported === name || exported === bare);
  if (entry === undefined) return [name];
  const known = [...entry.exportedLabels, ...ADDED_LABELS];
  return labelNames.filter((label) => !known.includes(label)).map((label) => `${name}{${label}}`);
}
