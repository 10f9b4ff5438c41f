import type { PushClock } from "./clock.js";
import { openExchange } from "./exchange.js";
import { type Transfer, transfer } from "./transfer.js";
import type { PushProtocol, PushRequest, PushSettings } from "./types.js";

/** What turns are taken with. */
export interface ReceiverParts {
  readonly settings: Pick<PushSettings, "url" | "headers">;
  readonly judge: PushProtocol["judge"];
  readonly clock: PushClock;
  /** Runs work of ours so that nothing observes it as the service's. */
  apart<T>(work: () => T): T;
}

/** What is sent in one turn. */
export interface Turn {
  /** Longest time, milliseconds. */
  readonly limitMs: number;
  /** The requests, asked for when its turn has come. */
  requests(): AsyncIterable<PushRequest>;
}

/** One receiver, to which one turn is sent at a time. */
export interface Receiver {
  /** Sends a turn when those before it are done. Never rejects. */
  take(turn: Turn): Promise<Transfer>;
  /** True while turns are sent or wait. */
  isBusy(): boolean;
  /** Cuts the turn that is being sent short. */
  interrupt(reason: string): void;
}

const USER_AGENT = "telltale";

/** Makes the line of turns for one receiver. */
export function createReceiver({ settings, judge, clock, apart }: ReceiverParts): Receiver {
  const headers = { "user-agent": USER_AGENT, ...settings.headers };
  let line: Promise<unknown> = Promise.resolve();
  let turns = 0;
  let current: AbortController | undefined;

  async function send({ limitMs, requests }: Turn): Promise<Transfer> {
    const abort = new AbortController();
    current = abort;
    const exchange = openExchange(settings.url.protocol, headers);
    const cancel = clock.schedule(() => abort.abort(`no answer within ${limitMs} ms`), limitMs);
    const deadlineMs = clock.elapsed() + limitMs;
    try {
      return await transfer(requests(), { exchange, judge, clock, signal: abort.signal, deadlineMs });
    } finally {
      turns--;
      cancel();
      exchange.close();
    }
  }

  return {
    take(turn) {
      turns++;
      const sent = line.then(() => apart(() => send(turn)));
      line = sent;
      return sent;
    },
    isBusy: () => turns > 0,
    interrupt: (reason) => current?.abort(reason),
  };
}
