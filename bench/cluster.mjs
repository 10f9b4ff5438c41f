// What it costs a primary to add up its workers: three of node:cluster, the same histogram label sets in each.
//   node cluster.mjs [rounds]
import { figure, report, table } from "./lib/report.mjs";
import { interleave, launch, median } from "./lib/variants.mjs";

const [, , rounds = "7"] = process.argv;
const VARIANTS = ["telltale", "prom-client", "prometheus-io"];

const rows = [];
for (const series of [1_000, 5_000]) {
  const variants = await launch(
    new URL("./cluster/primary.cjs", import.meta.url),
    VARIANTS.map((variant) => `${variant}:${series}`),
  );
  const answers = await interleave(variants, { question: "scrape", rounds: Number(rounds), warmUp: 2 });
  for (const { stop } of variants) stop();
  const cost = (variant, what) => median(answers[`${variant}:${series}`].map((answer) => answer[what]));
  for (const [what, name] of [
    ["wallMs", "wall"],
    ["cpuMs", "CPU of the primary"],
  ]) {
    const own = cost("telltale", what);
    const others = VARIANTS.slice(1).map(
      (rival) => `${figure(cost(rival, what))} (${figure(cost(rival, what) / own)}x)`,
    );
    rows.push([`3 × ${series.toLocaleString("en")}, ${name}`, figure(own), ...others]);
  }
}

report("cluster", {
  title: "Processes",
  command: `node cluster.mjs ${rounds}`,
  lines: [
    "Ms a scrape of the primary over HTTP, asking the workers, adding up and rendering; every series changed in between.",
    "The client is another process.",
    "",
    ...table(["label sets", ...VARIANTS], rows),
  ],
});
