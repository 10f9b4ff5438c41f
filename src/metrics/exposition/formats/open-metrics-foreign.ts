import { labelsText, prefix } from "../../text/layout.js";
import { canonicalText, numberText } from "../../text/number-text.js";
import { exemplarText, familyName, headText, lineName } from "../../text/open-metrics-layout.js";
import type { ForeignExemplar, ForeignSample } from "../foreign.js";
import type { RegisteredMetric } from "../print-metric.js";

// About as much as a chunk of ours.
const PIECE_CHARS = 64 * 1024;
const KNOWN_TYPES: ReadonlySet<unknown> = new Set(["counter", "gauge", "histogram", "summary"]);

const BOUND_LABEL: Readonly<Record<string, string>> = { histogram: "le", summary: "quantile" };

/** A metric that is not ours, and what it was read as. */
export interface ForeignMetric {
  readonly metric: RegisteredMetric;
  readonly samples: readonly ForeignSample[];
  /** True where its family name is another's. */
  readonly isClashing: boolean;
}

/** The OpenMetrics text of a metric that is not ours. */
export function* foreignText({ metric, samples, isClashing }: ForeignMetric): Iterable<string> {
  const { name, help } = metric;
  const type = isClashing || !KNOWN_TYPES.has(metric.type) ? "unknown" : String(metric.type);
  const ownName = lineName({ name, type });
  let text = headText({ name: familyName({ name, type }), help: String(help), type, unit: undefined });
  for (const sample of samples) {
    text += lineOf(sample, ownName, type);
    if (text.length < PIECE_CHARS) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

function lineOf(sample: ForeignSample, ownName: string, type: string): string {
  const { metricName = ownName, labels, value, exemplar } = sample;
  const isShown = exemplar !== undefined && (type === "counter" || metricName.endsWith("_bucket"));
  const suffix = isShown ? foreignExemplar(exemplar) : "";
  return `${prefix(metricName, labelsText(withCanonical(labels, BOUND_LABEL[type])))}${numberText(value)}${suffix}\n`;
}

// Number() does not know "+Inf", which is as it should be.
function withCanonical(labels: ForeignSample["labels"], label: string | undefined): ForeignSample["labels"] {
  const bound = Number(label === undefined ? undefined : labels[label]);
  return label === undefined || Number.isNaN(bound) ? labels : { ...labels, [label]: canonicalText(bound) };
}

function foreignExemplar({ labelSet, value, timestamp }: ForeignExemplar): string {
  return exemplarText({ value, labels: labelsText(labelSet), seconds: timestamp });
}
