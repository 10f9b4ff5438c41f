import type { View } from "../processes/types.js";
import type { PushClock } from "./clock.js";
import { createOtlp } from "./otlp.js";
import { createPusher, type PusherParts } from "./pusher.js";
import { createPushgateway } from "./pushgateway.js";
import { readSeries } from "./read-series.js";
import { createRemoteWrite } from "./remote-write.js";
import { type PushSender, pushSettings } from "./settings.js";
import type { Pusher, PushOptions, PushProtocol, PushResult, PushSettings } from "./types.js";

/** What pushing needs from the instance. */
export interface PushParts extends Pick<PusherParts, "apart" | "onBeforeExit"> {
  readonly view: View;
  readonly sender: PushSender;
  /** When the instance began to count, as Unix time in milliseconds. */
  readonly startMs: number;
  /** Told of every push and deletion. */
  onResult(settings: PushSettings, result: PushResult): void;
  /** Told of a metric that could not be read. */
  onFault(name: string, error: unknown): void;
  /** Default: the machine's. */
  readonly clock?: PushClock;
}

const PROTOCOLS: {
  readonly [to in PushSettings["to"]]: (settings: PushSettings, startMs: number) => PushProtocol;
} = {
  pushgateway: createPushgateway,
  "remote-write": createRemoteWrite,
  otlp: createOtlp,
};

/** Makes a pusher of one view. Throws TELLTALE_OPTION on a bad option. */
export function openPusher(options: PushOptions, parts: PushParts): Pusher {
  const { view, sender, startMs, onFault } = parts;
  const settings = pushSettings(options, sender);
  return createPusher({
    ...parts,
    settings,
    protocol: PROTOCOLS[settings.to](settings, startMs),
    read: () => readSeries(view, { onFault }),
    onResult: (result) => parts.onResult(settings, result),
  });
}
