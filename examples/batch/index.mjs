// A batch job that nobody scrapes: it pushes its metrics to a Pushgateway when it is done, and ends.
//
//   docker run -d -p 9091:9091 prom/pushgateway        or any Pushgateway on port 9091
//   npm run build && node examples/batch/index.mjs
//
//   curl -s localhost:9091/metrics | grep batch_       what the job left, with the time of its last success
//
// PUSHGATEWAY_URL=http://host:9091 pushes elsewhere. Every run replaces what the run before has left, because the group is
// the job alone. Without a Pushgateway the job does its work all the same, and says so at the end.
import { createObservability } from "telltale";

const obs = createObservability({ service: "batch-example" });
const log = obs.logger.component("batch");
const records = obs.metrics.counter({
  name: "batch_records_total",
  help: "Records of the last run, by result.",
  labelNames: ["result"],
});
const took = obs.metrics.gauge({
  name: "batch_duration_seconds",
  help: "Duration of the last run.",
  unit: "seconds",
});
const succeeded = obs.metrics.gauge({
  name: "batch_last_success_timestamp_seconds",
  help: "Unix time at which a run last ended well.",
  unit: "seconds",
});

const pusher = obs.metrics.push({
  to: "pushgateway",
  url: process.env.PUSHGATEWAY_URL ?? "http://localhost:9091",
  instance: false, // One group for all runs: a batch job has no instance that anybody would look for.
  timeoutMs: 3000,
  pushOnClose: false, // It is pushed below, where the result can be told.
});

const done = took.startTimer();
for (let id = 1; id <= 100; id++) records.inc({ result: id % 10 === 0 ? "skipped" : "stored" });
done();
succeeded.setToCurrentTime();
log.info({ records: 100 }, "run is over");

const { ok, error } = await pusher.push();
console.log(ok ? "pushed" : `not pushed: ${error}`);
await obs.close();
