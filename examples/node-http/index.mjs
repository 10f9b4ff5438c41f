// A plain node:http service with metrics, an access log, traces and health endpoints.
//
//   npm run build && node examples/node-http/index.mjs
//
//   curl -i localhost:3000/users/7                  the answer carries x-request-id; the log line has it too
//   curl -i localhost:3000/orders                   a handler that fails: status 500
//   curl -i localhost:3000/no/such/path             counted under route="__unmatched__"
//   curl -s localhost:3000/ready                    503 once the service shuts down
//   curl -s localhost:9464/metrics | grep http_requests_total
//
// The metrics are on the management port here. Ctrl-C, or a SIGTERM, stops it.
// PORT=8080 and MANAGEMENT_PORT=9000 listen elsewhere.
import { createServer } from "node:http";
import { createObservability } from "telltale";

const obs = createObservability({ service: "node-http-example" });
const log = obs.logger.component("users");
const lookups = obs.metrics.counter({
  name: "user_lookups_total",
  help: "Users looked up, by result.",
  labelNames: ["result"],
});

// Without a router nobody knows the template of a path: the handler names it.
function handle(req, res) {
  if (obs.health.handler(req, res)) return;
  const user = /^\/users\/(\d+)$/.exec(req.url);
  if (user !== null) {
    obs.setRoute(req, "/users/:id");
    lookups.inc({ result: "found" });
    log.info({ user: user[1] }, "user looked up");
    return answer(res, 200, { id: Number(user[1]), name: "Ada" });
  }
  if (req.url === "/orders") {
    obs.setRoute(req, "/orders");
    return answer(res, 500, { error: "internal error" });
  }
  answer(res, 404, { error: "not found" });
}

function answer(res, status, body) {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const server = createServer(obs.http(handle));
const management = await obs.listen({ port: Number(process.env.MANAGEMENT_PORT ?? 9464) });
server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`listening on http://localhost:${server.address().port}, management on ${management.url}`);
});

async function stop() {
  obs.health.drain();
  await new Promise((closed) => server.close(closed));
  await obs.close();
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
