import { estimateQuantile } from "./exposition.mjs";
import { bold, columns, dim, showBytes, showSeconds } from "./layout.mjs";

const ROWS_SHOWN = 12;
const ROWS_SHOWN_OF_SIDE_FAMILIES = 4;
const IS_SIDE_FAMILY = /_bytes$|_to_headers_seconds$/;
// The same for every series, so that it tells nothing here.
const COMMON_LABELS = new Set(["service"]);

/** The lines of a table of every series that has moved since the service started, family by family. */
export function describeMetrics(families) {
  return families.flatMap((family) => {
    const rows = family.type === "histogram" ? distributionRows(family) : sampleRows(family);
    return rows.length === 0 ? [] : ["", ...describeFamily(family, rows)];
  });
}

function describeFamily({ name, type }, rows) {
  const isHistogram = type === "histogram";
  const shown = IS_SIDE_FAMILY.test(name) ? ROWS_SHOWN_OF_SIDE_FAMILIES : ROWS_SHOWN;
  const header = isHistogram ? [["", "count", "mean", "p95*"]] : [];
  const table = columns([...header, ...rows.slice(0, shown)], [1, 2, 3]);
  const rest = rows.length > shown ? [dim(`  … and ${rows.length - shown} more`)] : [];
  const [first, ...others] = table.map((line) => `  ${line}`);
  const lines = isHistogram ? [dim(first), ...others] : table.map((line) => `  ${line}`);
  return [`${bold(name)} ${dim(type)}`, ...lines, ...rest];
}

function sampleRows({ samples }) {
  const moved = samples.filter(({ value }) => value !== 0).toSorted((a, b) => b.value - a.value);
  return moved.map(({ labels, value }) => [describeLabels(labels), String(value)]);
}

function distributionRows({ name, distributions }) {
  const show = name.endsWith("_bytes") ? showBytes : showSeconds;
  return distributions
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .map((one) => {
      const p95 = estimateQuantile(0.95, one);
      return [describeLabels(one.labels), String(one.count), show(one.sum / one.count), show(p95)];
    });
}

function describeLabels(labels) {
  const shown = Object.entries(labels).filter(([name]) => !COMMON_LABELS.has(name));
  return shown.length === 0 ? "(no labels)" : shown.map(([name, value]) => `${name}=${value}`).join(" ");
}
