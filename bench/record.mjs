// What a record costs: dynamic labels and kept handles, counters and histograms, 1,024 label sets of three labels.
//   node record.mjs [rounds] [records]
import { figure, report, table } from "./lib/report.mjs";
import { interleave, launch, median } from "./lib/variants.mjs";

const [, , rounds = "15", records = "200000"] = process.argv;
const RIVALS = ["prom-client", "platformatic", "prometheus-io", "opentelemetry"];
const OPERATIONS = {
  "counter, labels": { goal: 5 },
  "counter, handle": { goal: 50 },
  "histogram, labels": { goal: 8 },
  "histogram, handle": { goal: 40 },
};

const variants = await launch(new URL("./record/variant.cjs", import.meta.url), ["telltale", ...RIVALS]);
const rows = [];
for (const [operation, { goal }] of Object.entries(OPERATIONS)) {
  const question = { operation, records: Number(records) };
  const answers = await interleave(variants, { question, rounds: Number(rounds), warmUp: 3 });
  const own = median(answers.telltale);
  const others = RIVALS.map((rival) => {
    const cost = median(answers[rival]);
    return cost === null ? "–" : `${figure(cost)} (${figure(cost / own)}x)`;
  });
  rows.push([operation, figure(own), ...others, `${goal}x prom-client`]);
}
for (const { stop } of variants) stop();

report("record", {
  title: "Recording",
  command: `node record.mjs ${rounds} ${records}`,
  lines: [
    "CPU ns a record, and how many times telltale's. A handle is what `labels()` returns; OpenTelemetry has none.",
    "",
    ...table(["operation", "telltale", ...RIVALS, "goal"], rows),
  ],
});
