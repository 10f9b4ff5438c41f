const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const RULE_CHARS = 78;

const paint = (code) => (text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);

/** The heading of a section. */
export function heading(title) {
  return `\n${bold(`── ${title} ${"─".repeat(Math.max(2, RULE_CHARS - title.length - 4))}`)}\n`;
}

/** Pads the cells of each column to one width; the columns in `right` are aligned to the right. */
export function columns(rows, right = []) {
  const widths = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd(),
  );
}

/** Seconds as a person reads them. */
export function showSeconds(seconds) {
  if (seconds >= 10) return `${seconds.toFixed(0)} s`;
  return seconds >= 1 ? `${seconds.toFixed(2)} s` : `${(seconds * 1000).toFixed(1)} ms`;
}

/** Bytes as a person reads them. */
export function showBytes(bytes) {
  return bytes >= 1000 ? `${(bytes / 1000).toFixed(1)} kB` : `${Math.round(bytes)} B`;
}
