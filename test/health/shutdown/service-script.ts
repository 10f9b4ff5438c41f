/** A framework, or none. */
export type Framework = "express" | "fastify" | "node:http";

/** What a script is written from. */
export interface ScriptOptions {
  readonly framework?: Framework;
  /** `health.shutdown`, as the source of an expression. */
  readonly shutdown?: string;
  /** More options of createObservability, as source. */
  readonly options?: string;
  /** Code that runs before the server listens; it knows `obs`. */
  readonly before?: string;
}

const ROUTES = `
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const work = (ms) => later(Number(ms));
`;

const SERVERS: Readonly<Record<Framework, string>> = {
  express: `
const app = require("express")();
app.use(obs.express());
app.use(obs.health.router());
app.get("/work/:ms", async (req, res) => { console.log("working"); await work(req.params.ms); res.send("done"); });
app.get("/events/:name", (req, res) => { res.type("text/event-stream"); res.write("data: 1\\n\\n"); });
const server = app.listen(0, "127.0.0.1", tell);
`,
  fastify: `
const app = require("fastify").fastify();
app.register(obs.fastify);
app.register(obs.health.fastify);
app.addHook("preClose", async () => console.log("fastify preClose"));
app.addHook("onClose", async () => console.log("fastify onClose"));
app.after(() => {
  app.get("/work/:ms", async (req) => { console.log("working"); await work(req.params.ms); console.log("worked"); return "done"; });
});
const server = app.server;
app.listen({ port: 0, host: "127.0.0.1" }, tell);
`,
  "node:http": `
const server = require("node:http").createServer(obs.http(async (req, res) => {
  if (obs.health.handler(req, res)) return;
  const [, kind, ms] = req.url.split("?")[0].split("/");
  obs.setRoute(req, "/" + kind + "/:ms");
  if (kind === "work") console.log("working");
  await work(ms);
  res.end("done");
}));
server.listen(0, "127.0.0.1", tell);
`,
};

/** The source of a service that prints `listening <port>`. */
export function serviceScript({
  framework = "node:http",
  shutdown = "true",
  options = "",
  before = "",
}: ScriptOptions = {}): string {
  return `
const obs = createObservability({ service: "ending", health: { shutdown: ${shutdown} }, ${options} });
const tell = () => console.log("listening " + server.address().port);
${ROUTES}${before}${SERVERS[framework]}`;
}
