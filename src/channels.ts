import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Detach, Guard } from "./collector.js";
import { looksLike } from "./looks-like.js";

/** The module node:diagnostics_channel: what stands for the whole process. */
export interface ChannelModule {
  readonly subscribe: unknown;
  readonly tracingChannel: unknown;
}

/** Recognises it. */
export function isChannelModule(value: unknown): value is ChannelModule {
  return looksLike<ChannelModule>(value, (module) => "subscribe" in module && "tracingChannel" in module);
}

/** What to do with the messages of each channel, by its name. */
export type ChannelHandlers<M> = Readonly<Record<string, (message: M) => void>>;

/**
 * Subscribes to diagnostics channels. A subscriber that throws would crash the process, so each handler runs guarded,
 * its faults counted under `part`.
 */
export function listenTo<M>(guard: Guard, part: string, handlers: ChannelHandlers<M>): Detach {
  const listeners = Object.entries(handlers).map(([name, handle]) => ({
    name,
    listener: (message: unknown): void => void guard(part, () => handle(message as M)),
  }));
  for (const { name, listener } of listeners) subscribe(name, listener);
  return () => {
    for (const { name, listener } of listeners) unsubscribe(name, listener);
  };
}
