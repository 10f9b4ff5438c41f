import { MessageChannel, Worker } from "node:worker_threads";
import type { Entry } from "./queue.js";
import { TRANSPORT_WORKER } from "./transport-worker.js";

/** What a transport is started with. */
export interface ThreadOptions {
  /** URL of its module. */
  readonly file: string;
  /** What its module is called with. */
  readonly options: object;
  /** What it asks of pino: names of levels and members. */
  readonly config: object;
}

/** What a thread tells. */
export interface ThreadEvents {
  /** The transport has taken the batch that was sent. */
  onTaken(): void;
  /** Called once, whatever ended it; `hasClosed` where it was told to, and has written everything. */
  onDown(error: unknown, hasClosed: boolean): void;
}

/** A transport in a thread of its own, which keeps no process alive. */
export interface Thread {
  send(entries: readonly Entry[]): void;
  /** Lets the transport write what it has, close, and end its thread. */
  end(): void;
  /** Blocks until it has closed; false where it takes longer. */
  waitForEnd(timeoutMs: number): boolean;
  terminate(): void;
}

/** Starts a transport. Throws where no thread can be had. */
export function startThread({ file, options, config }: ThreadOptions, events: ThreadEvents): Thread {
  const { port1, port2 } = new MessageChannel();
  const state = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(TRANSPORT_WORKER, {
    eval: true,
    name: "telltale-log-transport",
    // What is preloaded, telltale/register perhaps, would start the next of these.
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: "" },
    workerData: { file, port: port2, state, workerData: { ...options, pinoWillSendConfig: true } },
    transferList: [port2],
  });
  let fault: unknown = new Error("the transport ended");
  worker.on("error", (error) => {
    fault = error;
  });
  worker.on("exit", () => {
    port1.close();
    events.onDown(fault, Atomics.load(state, 0) === 1);
  });
  port1.on("message", () => events.onTaken());
  port1.unref();
  worker.postMessage({ code: "PINO_CONFIG", config });
  worker.unref();
  return {
    send: (entries) => port1.postMessage(entries),
    end: () => port1.postMessage("end"),
    waitForEnd: (timeoutMs) => Atomics.wait(state, 0, 0, timeoutMs) !== "timed-out",
    terminate: () => void worker.terminate(),
  };
}
