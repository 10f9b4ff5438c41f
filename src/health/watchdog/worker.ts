import type { IncomingMessage, ServerResponse } from "node:http";

/** What the thread is started with. */
export interface WorkerSettings {
  /** The last beat, nanoseconds of `process.hrtime`; then two flags: 1 under an inspector, 1 while the group `live` fails. */
  readonly shared: SharedArrayBuffer;
  readonly port: number;
  readonly host: string | undefined;
  readonly sampleMs: number;
  readonly threshold: number;
  /** The paths of `/live`. */
  readonly paths: readonly string[];
  /** Names the event loop in the body. */
  readonly detailed: boolean;
}

/** What the thread says. */
export type WorkerMessage = { readonly port: number } | { readonly error: string };

/** Runs the thread. */
export function watch(): void {
  // Everything inside, nothing imported: the text of this function is what the thread is started with.
  const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
  const { createServer } = process.getBuiltinModule("node:http");
  const settings = workerData as WorkerSettings;
  const beat = new BigInt64Array(settings.shared, 0, 1);
  const flags = new Int32Array(settings.shared, 8, 2);
  let missed = 0;

  // Samples, not the age of the beat: a process that was stopped has missed one, however long it was.
  setInterval(() => {
    const ageMs = Number(process.hrtime.bigint() - Atomics.load(beat, 0)) / 1e6;
    missed = ageMs > settings.sampleMs && Atomics.load(flags, 0) === 0 ? missed + 1 : 0;
  }, settings.sampleMs);

  function answer(res: ServerResponse): void {
    const isStalled = missed >= settings.threshold;
    const status = isStalled || Atomics.load(flags, 1) === 1 ? "unhealthy" : "healthy";
    const word = { status: isStalled ? "unhealthy" : "healthy", ...(isStalled ? { reason: "timeout" } : {}) };
    const checks = settings.detailed ? { checks: { eventLoop: word } } : {};
    if (status === "unhealthy") res.setHeader("retry-after", "1");
    res.statusCode = status === "healthy" ? 200 : 503;
    res.end(JSON.stringify({ status, timestamp: new Date().toISOString(), ...checks }));
  }

  function handle({ url = "/", method }: IncomingMessage, res: ServerResponse): void {
    res.setHeader("content-type", "application/json; charset=utf-8");
    res.setHeader("cache-control", "no-store");
    res.setHeader("x-content-type-options", "nosniff");
    const path = (url.split("?")[0] as string).replace(/(.)\/$/, "$1");
    if (!settings.paths.includes(path)) {
      res.statusCode = 404;
      res.end('{"error":"not found"}');
    } else if (method === "GET" || method === "HEAD") answer(res);
    else {
      res.statusCode = 405;
      res.setHeader("allow", "GET, HEAD");
      res.end('{"error":"method not allowed"}');
    }
  }

  const server = createServer(handle);
  server.on("error", ({ message }) => parentPort?.postMessage({ error: message }));
  server.listen(settings.port, settings.host, () => {
    const address = server.address();
    parentPort?.postMessage({ port: typeof address === "object" ? address?.port : settings.port });
  });
}
