// Writes what a benchmark found into its section of RESULTS.md, and prints it.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

const FILE = new URL("../RESULTS.md", import.meta.url);

/** Replaces the section called `name`. */
export function report(name, { title, command, lines }) {
  const { length, 0: cpu } = cpus();
  const where = `Node ${process.versions.node}, ${length} × ${cpu.model.trim()}`;
  const date = new Date().toISOString().slice(0, 10);
  const body = [`## ${title}`, "", `\`${command}\`, ${date}, ${where}`, "", ...lines].join("\n");
  const section = `<!-- ${name} -->\n${body}\n<!-- /${name} -->`;
  const text = readFileSync(FILE, "utf8");
  const known = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`);
  writeFileSync(FILE, known.test(text) ? text.replace(known, () => section) : `${text}\n${section}\n`);
  console.log(body);
}

/** A Markdown table. */
export function table(header, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)];
}

/** Three digits are more than such a measurement holds. */
export function figure(value) {
  if (!Number.isFinite(value)) return "–";
  if (value < 0) return `-${figure(-value)}`;
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(2).replace(/\.0$/, "");
}
