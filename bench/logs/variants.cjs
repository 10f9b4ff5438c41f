// What each variant puts in front of the routes of ../http/server.cjs, to write a line for each request to /dev/null.
"use strict";
const path = require("node:path");

const FILE = "/dev/null";

/** Metrics cannot be left out: the HTTP families stay, without exemplars, sizes in one bucket. */
function telltale(variant) {
  const { createObservability } = require(path.join(__dirname, "../../dist/index.js"));
  return createObservability({
    service: "bench",
    logging: { destination: FILE, format: "json", level: variant === "telltale silent" ? "silent" : "info" },
    tracing: false,
    metrics: { process: false, exemplars: false },
    http: {
      accessLog: variant === "telltale access",
      requestIdHeader: "",
      outgoing: false,
      buckets: [1],
      sizeBuckets: [1000],
    },
  });
}

function pinoHttp(variant) {
  const { pino } = require("pino");
  const minLength = variant.endsWith("4096") ? 4096 : 0;
  return require("pino-http")({ logger: pino({}, pino.destination({ dest: FILE, sync: true, minLength })) });
}

exports.loadFirst = () => undefined;

exports.before = (variant, app) => {
  if (variant.startsWith("telltale")) app.use(telltale(variant).express());
  if (variant.startsWith("pino-http")) app.use(pinoHttp(variant));
};

exports.fastifyBefore = async (variant, app) => {
  if (variant.startsWith("telltale")) await app.register(telltale(variant).fastify);
  if (!variant.startsWith("pino-http")) return;
  const write = pinoHttp(variant);
  app.addHook("onRequest", (req, reply, done) => {
    write(req.raw, reply.raw);
    done();
  });
};
