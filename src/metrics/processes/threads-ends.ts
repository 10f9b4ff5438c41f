import type { Worker } from "node:worker_threads";

/** What the ends of threads are told to; one for each process thread, whatever number of instances and copies there is. */
interface Ends {
  readonly worker: Set<(thread: number) => void>;
  readonly own: Set<() => void>;
}

const ENDS = Symbol.for("telltale.thread-ends");

/** Calls `tell` with the id of each thread that this one started and that ends, however it does; returns the undoing. */
export function onWorkerEnd(tell: (thread: number) => void): () => void {
  const { worker } = endsOf(process);
  worker.add(tell);
  return () => void worker.delete(tell);
}

/** Calls `tell` when this thread exits by itself, by process.exit() or by an error; returns the undoing. */
export function onOwnEnd(tell: () => void): () => void {
  const { own } = endsOf(process);
  own.add(tell);
  return () => void own.delete(tell);
}

// One listener each, since Node warns of a leak at the eleventh.
function endsOf(host: NodeJS.Process & { [ENDS]?: Ends }): Ends {
  const known = host[ENDS];
  if (known !== undefined) return known;
  const ends: Ends = { worker: new Set(), own: new Set() };
  Object.defineProperty(host, ENDS, { value: ends });
  host.on("worker", (worker: Worker) => {
    // The id is -1 once the thread is gone.
    const { threadId } = worker;
    worker.once("exit", () => {
      for (const tell of ends.worker) tell(threadId);
    });
  });
  host.on("exit", () => {
    for (const tell of ends.own) tell();
  });
  return ends;
}
