import { BroadcastChannel, receiveMessageOnPort } from "node:worker_threads";
import type { ThreadMessage } from "./threads-messages.js";

/** Joins the instances of one service in all threads of the process. */
export interface ThreadChannel {
  /** Says something to all others; it has arrived when this returns, whatever becomes of this thread. Never throws. */
  post(message: ThreadMessage): void;
  /** Hears at once what has arrived, without waiting for the event loop. */
  drain(): void;
  close(): void;
}

// Instances of another version, which may say things differently, have a channel of their own.
const NAME = "telltale:threads:1";

/**
 * Opens the channel of a service; it keeps no thread alive. What goes wrong while listening or speaking is told to
 * `fail`. Opening takes about 20 µs, and 0.3 ms the first time in a process.
 */
export function openThreadChannel(
  service: string,
  listen: (message: ThreadMessage) => void,
  fail: (error: unknown) => void,
): ThreadChannel {
  const channel = new BroadcastChannel(`${NAME}:${service}`);
  let isOpen = true;

  function attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      fail(error);
    }
  }

  channel.onmessage = (event: unknown) =>
    attempt(() => listen((event as { readonly data: ThreadMessage }).data));
  channel.unref();

  return {
    post(message) {
      if (isOpen) attempt(() => channel.postMessage(message));
    },
    drain() {
      while (isOpen) {
        // Node takes a BroadcastChannel as well as a port; the types know but the port.
        const received = receiveMessageOnPort(
          channel as unknown as Parameters<typeof receiveMessageOnPort>[0],
        );
        if (received === undefined) return;
        attempt(() => listen(received.message as ThreadMessage));
      }
    },
    close() {
      isOpen = false;
      channel.close();
    },
  };
}
