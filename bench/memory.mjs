// What a label set takes: heap and memory beside it, before and after scrapes.
//   node memory.mjs [rounds]
import { figure, report, table } from "./lib/report.mjs";
import { launch, median } from "./lib/variants.mjs";

const [, , rounds = "3"] = process.argv;
const LIBRARIES = ["telltale", "prom-client", "platformatic", "prometheus-io", "opentelemetry"];
const SIZES = [
  { kind: "counter", series: 100_000 },
  { kind: "histogram", series: 20_000 },
];
const WHEN = ["recorded", "scraped", "peak"];

const rows = [];
for (const size of SIZES) {
  const answers = Object.fromEntries(LIBRARIES.map((library) => [library, []]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const library of LIBRARIES) {
      const [variant] = await launch(
        new URL("./memory/variant.cjs", import.meta.url),
        [library],
        ["--expose-gc"],
      );
      answers[library].push(await variant.ask(size));
      variant.stop();
    }
  }
  for (const when of WHEN) {
    const cost = (library) => median(answers[library].map((answer) => answer[when]));
    const own = cost("telltale");
    const others = LIBRARIES.slice(1).map(
      (rival) => `${figure(cost(rival))} (${figure(cost(rival) / own)}x)`,
    );
    rows.push([`${size.series.toLocaleString("en")} ${size.kind}s, ${when}`, figure(own), ...others]);
  }
}

report("memory", {
  title: "Memory",
  command: `node memory.mjs ${rounds}`,
  lines: [
    "Bytes a label set of three labels, heap and ArrayBuffers together after a full collection; a histogram has 11 buckets.",
    "Scraped: after two scrapes, with the text that is kept for the next. Peak: what resident memory grew by at most.",
    "",
    ...table(["label sets", ...LIBRARIES], rows),
  ],
});
