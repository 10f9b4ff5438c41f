import { connect } from "node:net";
import { expect, it } from "vitest";
import { startProgram } from "./program.js";

type Line = Readonly<Record<string, unknown>>;

const logLines = (output: string): Line[] =>
  output
    .split("\n")
    .filter((line) => line.startsWith('{"level"'))
    .map((line) => JSON.parse(line) as Line);

it("one trace goes from the client over TCP to the server, whose lines carry the caller's user", async () => {
  const tracing = { OTEL_TRACES_EXPORTER: "console" };
  const server = startProgram("examples/rpc-tcp/server.mjs", { ...tracing, PORT: "0" });
  const [, port = ""] = await server.printed(/listening on (\d+)/);
  const client = startProgram("examples/rpc-tcp/client.mjs", { ...tracing, PORT: port });
  expect(await client.ended()).toBe(0);
  const [added, refused] = logLines(client.output());
  expect(added).toMatchObject({ msg: "added", sum: 3, component: "rpc" });
  expect(refused).toMatchObject({ msg: "refused", trace_id: added?.["trace_id"] });
  await server.printed(/adding/);
  const [adding] = logLines(server.output());
  expect(adding).toMatchObject({ msg: "adding", userId: "ada", trace_id: added?.["trace_id"] });
  expect(added?.["trace_id"]).toMatch(/^[\da-f]{32}$/);
  expect(await server.stop("SIGTERM")).toBe(0);
  // The console exporter has a line for each span, with the beginning of its trace id.
  const span = (kind: string) =>
    new RegExp(`trace ${String(added?.["trace_id"]).slice(0, 8)}….*${kind} Calculator/add`);
  expect(client.output()).toMatch(span("CLIENT"));
  expect(server.output()).toMatch(span("SERVER"));
});

it("a stranger's nonsense costs the stranger's connection, and nothing else", async () => {
  const server = startProgram("examples/rpc-tcp/server.mjs", { PORT: "0" });
  const [, port = ""] = await server.printed(/listening on (\d+)/);
  const closed = (bytes: Buffer): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), "localhost", () => void socket.write(bytes));
      socket.on("error", () => undefined).on("close", () => resolve());
    });
  await closed(Buffer.from([0xff, 0xff, 0xff, 0xff]));
  await closed(Buffer.concat([Buffer.from([0, 0, 0, 3]), Buffer.from("{{{")]));
  expect(await server.stop("SIGTERM")).toBe(0);
});
