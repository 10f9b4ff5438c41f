// What a scrape costs the serving process, over HTTP, when every series has changed since the one before.
//   node scrape.mjs [rounds]
import { figure, report, table } from "./lib/report.mjs";
import { interleave, launch, median } from "./lib/variants.mjs";

const [, , rounds = "7"] = process.argv;
const RIVALS = ["prom-client", "platformatic", "prometheus-io", "opentelemetry"];
const SIZES = [
  { kind: "counter", series: 1_000 },
  { kind: "counter", series: 10_000 },
  { kind: "counter", series: 100_000 },
  { kind: "histogram", series: 1_000 },
  { kind: "histogram", series: 10_000 },
];

const rows = [];
for (const size of SIZES) {
  const variants = await launch(new URL("./scrape/variant.cjs", import.meta.url), ["telltale", ...RIVALS]);
  const answers = await interleave(variants, { question: size, rounds: Number(rounds), warmUp: 10 });
  for (const { stop } of variants) stop();
  const cost = (variant) => median(answers[variant].map(({ cpuMs }) => cpuMs));
  const turn = (variant) => median(answers[variant].map(({ turnMs }) => turnMs));
  const own = cost("telltale");
  rows.push([
    `${size.series.toLocaleString("en")} ${size.kind}s`,
    `${figure(own)} / ${figure(turn("telltale"))}`,
    ...RIVALS.map(
      (rival) => `${figure(cost(rival))} / ${figure(turn(rival))} (${figure(cost(rival) / own)}x)`,
    ),
  ]);
}

report("scrape", {
  title: "Scrapes",
  command: `node scrape.mjs ${rounds}`,
  lines: [
    "CPU ms a scrape / longest turn of the event loop in ms, and how many times telltale's CPU. Label sets of three labels,",
    "histograms of 11 buckets. The client is another process.",
    "",
    ...table(["label sets", "telltale", ...RIVALS], rows),
  ],
});
