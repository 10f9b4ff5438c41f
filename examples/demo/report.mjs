import { parseExposition } from "./exposition.mjs";
import { columns, dim, heading } from "./layout.mjs";
import { describeMetrics } from "./metrics-report.mjs";
import { describeTrace, pickTrace } from "./trace-report.mjs";

/** What to open in a browser, before anything happens. */
export function printWelcome({ appUrl, managementUrl, spanTarget, seconds }) {
  console.log("telltale demo: a chat service in Express, observed by one createObservability() call\n");
  const rows = [
    ["service", appUrl, "POST /rooms, GET and POST /rooms/:room/messages, GET /rooms/:room/events …"],
    ["metrics", `${appUrl}/metrics`, "what Prometheus scrapes"],
    ["health", `${appUrl}/health`, "also /ready /live /startup"],
    ["management", managementUrl, "the same, on a port of its own"],
  ];
  for (const line of columns(rows)) console.log(`  ${line}`);
  const where =
    spanTarget ??
    dim("kept here; JAEGER_ENDPOINT or OTEL_EXPORTER_OTLP_ENDPOINT sends them to a collector as well");
  console.log(`  spans       ${where}`);
  console.log(heading(`Access log, ${seconds} s of traffic`));
}

/** What there is to see after the traffic: metrics, one trace, the health. */
export async function printReport({ exposition, managementUrl, spans }) {
  console.log(heading("Metrics that moved").trimEnd());
  for (const line of describeMetrics(parseExposition(exposition))) console.log(line);
  console.log(dim("\n  * estimated from the histogram's buckets, as Prometheus does"));
  console.log(heading("One request, traced"));
  const trace = pickTrace(spans);
  console.log(trace === undefined ? "  no span has arrived yet" : describeTrace(trace).join("\n"));
  const health = await fetch(`${managementUrl}/health`);
  console.log(heading("Health"));
  console.log(`  GET /health answers ${health.status}`);
  console.log(JSON.stringify(await health.json(), null, 2).replace(/^/gm, "  "));
}
