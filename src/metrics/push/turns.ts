import type { PushClock } from "./clock.js";
import { createReceiver } from "./receiver.js";
import type { Transfer } from "./transfer.js";
import type { PushJob, PushProtocol, PushRequest, PushResult, PushSettings } from "./types.js";

/** What turns are made from. */
export interface TurnsParts {
  readonly settings: PushSettings;
  readonly protocol: PushProtocol;
  readonly clock: PushClock;
  /** Reads the metrics of now. */
  read(): PushJob["batches"];
  /** Told of every push and deletion, but for one that is given up for the last. */
  onResult(result: PushResult): void;
  /** Runs work of ours so that nothing observes it as the service's. */
  apart<T>(work: () => T): T;
}

/** How the last turn is taken. */
export interface LastTurn {
  /** False where only what ends the series is sent. */
  readonly hasValues: boolean;
  readonly limitMs: number;
}

/** What a pusher sends, one turn at a time. Nothing here rejects. */
export interface Turns {
  /** Sends all values; `onBegin` is called when they are about to be read. */
  push(onBegin?: () => void): Promise<Transfer>;
  /** Deletes what was pushed; undefined where the protocol knows no deletion. */
  delete(): Promise<Transfer> | undefined;
  /** The last turn: gives up the one that is being sent and those that wait. */
  finish(last: LastTurn): Promise<Transfer>;
  /** True while turns are sent or wait. */
  isBusy(): boolean;
}

type Requests = (timeMs: number) => AsyncIterable<PushRequest>;

/** Makes the turns of one pusher. */
export function createTurns(parts: TurnsParts): Turns {
  const { settings, protocol, clock } = parts;
  const { timeoutMs } = settings;
  const receiver = createReceiver({ ...parts, judge: protocol.judge });
  let lastMs = 0;
  let isOver = false;

  // Rises even where the clock of the machine goes back. A first sample may come a millisecond before.
  const nextTime = (): number => (lastMs = Math.max(Math.round(clock.now()), lastMs + 2));

  async function send(requests: Requests, limitMs: number, isLast = false): Promise<Transfer> {
    const done = await receiver.take({ limitMs, requests: () => requests(nextTime()) });
    if (isLast || !isOver) parts.onResult(done.result);
    return done;
  }

  async function* values(timeMs: number, onBegin?: () => void): AsyncGenerator<PushRequest> {
    onBegin?.();
    if (isOver) throw new Error("the pusher was closed; its last push has everything");
    yield* protocol.requests({ batches: parts.read(), timeMs });
  }

  async function* lastValues(timeMs: number, hasValues: boolean): AsyncGenerator<PushRequest> {
    if (hasValues) yield* protocol.requests({ batches: parts.read(), timeMs });
    yield* protocol.farewell(nextTime());
  }

  return {
    isBusy: receiver.isBusy,
    push: (onBegin) => send((timeMs) => values(timeMs, onBegin), timeoutMs),
    delete() {
      const request = protocol.deletion();
      return request === undefined ? undefined : send(() => listed(request), timeoutMs);
    },
    finish({ hasValues, limitMs }) {
      isOver = true;
      receiver.interrupt("the pusher was closed; its last push has everything");
      return send((timeMs) => lastValues(timeMs, hasValues), limitMs, true);
    },
  };
}

async function* listed(request: PushRequest): AsyncGenerator<PushRequest> {
  yield request;
}
