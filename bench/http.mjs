// CPU per request that each way of observing adds to a bare service.
//   node http.mjs [express|fastify] [rounds] [requests] [variant,variant…]
import { figure, report, table } from "./lib/report.mjs";
import { measure } from "./lib/servers.mjs";
import { lowestTenth, median } from "./lib/variants.mjs";

const [, , framework = "express", roundCount = "7", requests = "4000", only = ""] = process.argv;
const VARIANTS = {
  express: [
    "bare",
    "by-hand",
    "telltale-metrics",
    "prom-bundle",
    "telltale-1%",
    "stack-1%",
    "telltale-full",
    "stack-full",
  ],
  fastify: [
    "bare",
    "by-hand",
    "telltale-metrics",
    "fastify-metrics",
    "telltale-1%",
    "stack-1%",
    "telltale-full",
    "stack-full",
  ],
}[framework];
if (only !== "") VARIANTS.splice(0, VARIANTS.length, ...only.split(","));

const samples = await measure(VARIANTS, {
  framework,
  module: new URL("./http/variants.cjs", import.meta.url),
  rounds: Number(roundCount),
  requests: Number(requests),
});

const over = (variant, share) => share(samples[variant]) - share(samples.bare);
const rows = VARIANTS.map((variant) => [
  variant,
  figure(median(samples[variant])),
  figure(over(variant, median)),
  figure(over(variant, lowestTenth)),
]);
report(`http-${framework}`, {
  title: `HTTP: ${framework}`,
  command: `node http.mjs ${framework} ${roundCount} ${requests}`,
  lines: [
    "CPU µs a request; what it adds to the bare service by the median of the rounds, and by their lowest tenth, which a busy",
    "machine disturbs least. `telltale-metrics` records all families of the HTTP domain, `by-hand` a counter and a histogram.",
    "The stack is pino-http, express-prom-bundle or fastify-metrics, and OpenTelemetry's instrumentation.",
    "",
    ...table(["variant", "CPU", "over bare", "over bare, lowest tenth"], rows),
  ],
});
