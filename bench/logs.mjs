// What a log line costs, and an access log per request on Express and Fastify.
//   node logs.mjs [rounds] [lines] [requests]
import { figure, report, table } from "./lib/report.mjs";
import { measure } from "./lib/servers.mjs";
import { interleave, launch, lowestTenth, median } from "./lib/variants.mjs";

const [, , rounds = "15", lines = "20000", requests = "1500"] = process.argv;
const LINES = [
  "telltale json",
  "telltale json, ids",
  "telltale document",
  "telltale document, ids",
  "pino, no output",
  "pino, telltale's sink",
  "pino sync",
  "pino sync, redact",
  "pino sync, minLength 4096",
  "pino async",
  "pino async, minLength 4096",
  "pino worker",
];
const SERVERS = [
  "bare",
  "telltale silent",
  "telltale without",
  "telltale access",
  "pino-http",
  "pino-http, minLength 4096",
];
const times = (own, other) => `${figure(own / other)}x`;

async function ofLines() {
  const variants = await launch(new URL("./logs/line.cjs", import.meta.url), LINES);
  const answers = await interleave(variants, {
    question: { lines: Number(lines) },
    rounds: Number(rounds),
    warmUp: 3,
  });
  for (const { stop } of variants) stop();
  const cost = (variant) => lowestTenth(answers[variant]);
  const output = (variant) => cost(variant) - cost("pino, no output");
  const rows = LINES.map((variant) => [
    variant,
    figure(median(answers[variant])),
    figure(cost(variant)),
    times(cost(variant), cost("pino sync")),
  ]);
  const ids = (format) => (cost(`telltale ${format}, ids`) / cost(`telltale ${format}`)).toFixed(2);
  return [
    ...table(["line", "CPU", "lowest tenth", "of pino sync"], rows),
    "",
    `The sink alone, above no output, is ${times(output("pino, telltale's sink"), output("pino sync"))} of pino.destination's, the`,
    `whole line of pino with it ${times(cost("pino, telltale's sink"), cost("pino sync"))} (goal: at most half). A line with ids is ${ids("json")}x`,
    `of one without in json, ${ids("document")}x in document (goal: at most 1.1x).`,
  ];
}

async function ofRequests(framework) {
  const samples = await measure(SERVERS, {
    framework,
    module: new URL("./logs/variants.cjs", import.meta.url),
    rounds: Number(rounds),
    requests: Number(requests),
    warmUp: 10_000,
  });
  const over = (variant, base, share) => share(samples[variant]) - share(samples[base]);
  const pairs = [
    ["telltale silent", "bare"],
    ["telltale access", "bare"],
    ["telltale access", "telltale without"],
    ["telltale access", "telltale silent"],
    ["pino-http", "bare"],
    ["pino-http, minLength 4096", "bare"],
  ];
  const ofRival = (variant, base, share) =>
    times(over(variant, base, share), over("pino-http", "bare", share));
  const rows = pairs.map(([variant, base]) => [
    `${variant} − ${base}`,
    ...[median, lowestTenth].flatMap((share) => [
      figure(over(variant, base, share)),
      ofRival(variant, base, share),
    ]),
  ]);
  const header = [framework, "CPU", "of pino-http", "CPU, lowest tenth", "of pino-http"];
  return table(header, rows);
}

report("logs", {
  title: "Logs",
  command: `node logs.mjs ${rounds} ${lines} ${requests}`,
  lines: [
    "CPU ns a line of five fields and a message, all threads, to /dev/null: the median of the rounds, and their lowest tenth,",
    "which a busy machine disturbs least. telltale's lines are copied with secrets hidden; `redact` is pino's for six paths.",
    "",
    ...(await ofLines()),
    "",
    "CPU µs that a line for each request adds to a service, to /dev/null. telltale records its HTTP metrics in all of its",
    "variants, without exemplars and with few buckets; traces are off. `silent` has no logger, `without` no access line but",
    "the context that lines of the service get their ids from. Goal of the access line: at most half of pino-http. Where the",
    "machine is shared, differences of less than 5 µs mean little.",
    "",
    ...(await ofRequests("express")),
    "",
    ...(await ofRequests("fastify")),
  ],
});
