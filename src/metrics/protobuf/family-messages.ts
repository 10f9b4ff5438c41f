import type { Rows } from "../columns/rows.js";
import { FamilyMessages, writeLabels } from "./messages.js";
import { SeriesWriter } from "./series-writer.js";
import { ProtobufWriter } from "./writer.js";

/**
 * A family of ours as MetricFamily messages, each with its length before it. A large one comes in several of the same
 * name, so that each is made in a short turn; Prometheus takes them as one, a Pushgateway would keep only the last.
 * `defaultLabels` are on every series, but for names that the family has itself.
 */
export function* familyMessages(rows: Rows, defaultLabels: object): Iterable<Buffer> {
  const { columns, definition, showing } = rows;
  const messages = new FamilyMessages(definition);
  const defaults = encodeDefaults(definition.labelNames, defaultLabels);
  const series = new SeriesWriter(rows, messages.writer, defaults);
  for (let block = 0; block < columns.blocks; block++) {
    showing.begin(block);
    const end = Math.min(columns.rows, (block + 1) << columns.blockBits);
    for (let row = block << columns.blockBits; row < end; row++) {
      if (!columns.isLive(row)) continue;
      messages.begin();
      series.write(row);
    }
    if (messages.isFull) yield messages.take();
  }
  if (!messages.isEmpty) yield messages.take();
}

function encodeDefaults(labelNames: readonly string[], defaultLabels: object): Buffer {
  const entries = Object.entries(defaultLabels).filter(([label]) => !labelNames.includes(label));
  const writer = new ProtobufWriter();
  writeLabels(
    writer,
    entries.map(([label]) => label),
    entries.map(([, value]) => String(value)),
  );
  return writer.take();
}
