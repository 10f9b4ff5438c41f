// A calculator behind a protocol of its own over TCP. Its spans continue those of whoever calls.
//
//   npm run build && OTEL_TRACES_EXPORTER=console node examples/rpc-tcp/server.mjs
//   OTEL_TRACES_EXPORTER=console node examples/rpc-tcp/client.mjs       in another terminal
//
// Both print their spans and log lines: one trace id from end to end, and `userId` on the lines of the server too.
// PORT=4000 listens elsewhere. Ctrl-C, or a SIGTERM, stops it.
import { createServer } from "node:net";
import { createObservability } from "telltale";
import { decode, encode } from "./frames.mjs";

const obs = createObservability({ service: "rpc-server" });
const log = obs.logger.component("rpc");

const METHODS = {
  add({ a, b }) {
    log.info({ a, b }, "adding");
    return a + b;
  },
};

function handle(socket, { id, headers = {}, body = {} }) {
  const method = Object.hasOwn(METHODS, body.method) ? METHODS[body.method] : undefined;
  const name = method === undefined ? "Calculator" : `Calculator/${body.method}`;
  const work = () =>
    obs.withContext({ userId: headers.userId }, () => {
      if (method === undefined) throw new TypeError("no such method");
      return method(body);
    });
  try {
    const result = obs.withSpan(name, work, { kind: "server", parent: obs.extract(headers) });
    socket.write(encode({ id, body: { result } }));
  } catch (error) {
    socket.write(encode({ id, body: { error: error.message } }));
  }
}

const sockets = new Set();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
  socket.on("error", (error) => log.warn({ err: error }, "connection failed"));
  decode(socket, (frame) => handle(socket, frame));
});
server.listen(Number(process.env.PORT ?? 4000), () => console.log(`listening on ${server.address().port}`));

async function stop() {
  for (const socket of sockets) socket.destroy();
  await new Promise((closed) => server.close(closed));
  await obs.close();
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
