import type { Exchange } from "./exchange.js";

interface Emitter {
  on(event: string, listener: () => void): unknown;
}

/**
 * Makes the function that watches over exchanges whose response waits behind others of its connection: Node does not
 * close such a response when the connection breaks. One listener a socket, for a pipeline may be long.
 */
export function createPipelineWatch(): (exchange: Exchange) => void {
  const queues = new WeakMap<object, Set<Exchange>>();

  function queueOf(socket: Emitter): Set<Exchange> {
    const known = queues.get(socket);
    if (known !== undefined) return known;
    const queue = new Set<Exchange>();
    queues.set(socket, queue);
    socket.on("close", () => {
      for (const exchange of queue) exchange.close();
    });
    return queue;
  }

  return (exchange) => {
    const { req, res } = exchange;
    if (req.httpVersion === "2.0" || res.socket !== null || !isEmitter(req.socket)) return;
    const queue = queueOf(req.socket);
    queue.add(exchange);
    // Its turn has come: from here on the response closes by itself.
    (res as Emitter).on("socket", () => queue.delete(exchange));
  };
}

function isEmitter(value: unknown): value is Emitter {
  return typeof (value as Partial<Emitter> | null | undefined)?.on === "function";
}
