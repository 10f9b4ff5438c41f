// Calls the calculator of server.mjs, and ends. PORT=4000 says where it listens.
import { connect } from "node:net";
import { createObservability } from "telltale";
import { decode, encode } from "./frames.mjs";

const obs = createObservability({ service: "rpc-client" });
const log = obs.logger.component("rpc");
const waiting = new Map();
const socket = connect(Number(process.env.PORT ?? 4000));
decode(socket, ({ id, body }) => {
  const { resolve, reject } = waiting.get(id) ?? {};
  waiting.delete(id);
  if (body.error === undefined) resolve?.(body.result);
  else reject?.(new Error(body.error));
});
socket.on("error", (error) => {
  for (const { reject } of waiting.values()) reject(error);
});

let calls = 0;
// A CLIENT span for each call; the frame carries its trace beside what else the callee is to know.
function call(method, args) {
  const exchange = () =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      waiting.set(id, { resolve, reject });
      socket.write(encode({ id, headers: obs.inject({ userId: "ada" }), body: { method, ...args } }));
    });
  return obs.withSpan(`Calculator/${method}`, exchange, { kind: "client" });
}

await obs.withSpan("sum up", async () => {
  const sum = await call("add", { a: 1, b: 2 });
  log.info({ sum }, "added");
  await call("divide", { a: 1, b: 0 }).catch((error) => log.warn({ err: error }, "refused"));
});
socket.end();
await obs.close();
