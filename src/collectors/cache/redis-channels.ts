import type { Attributes } from "@opentelemetry/api";
import type { ChannelHandlers } from "../../channels.js";
import type { CacheClient, CacheOperation } from "./index.js";
import { errorClassOf, resultOf } from "./redis-replies.js";

/** What the channels of redis and of ioredis tell of a command or a batch. */
export interface CommandMessage {
  readonly command?: string;
  readonly clientId?: string;
  readonly database?: number;
  readonly serverAddress?: string | undefined;
  readonly serverPort?: number | undefined;
  /** Of a batch, and of the commands in a pipeline. */
  readonly batchMode?: "MULTI" | "PIPELINE";
  readonly result?: unknown;
  readonly error?: unknown;
  [running: symbol]: CacheOperation | undefined;
}

/** Whose command it is; undefined for one that is not observed. */
export type ClientOf = (message: CommandMessage) => CacheClient | undefined;

/** What to do with the messages of `<library>:command` and `<library>:batch`. */
export function commandHandlers(library: string, clientOf: ClientOf): ChannelHandlers<CommandMessage> {
  const key = Symbol("telltale.redis");

  function begin(message: CommandMessage): void {
    const name = nameOf(message);
    if (name !== undefined) message[key] = clientOf(message)?.begin(name);
  }

  function end(message: CommandMessage): void {
    const running = message[key];
    if (running === undefined) return;
    message[key] = undefined;
    const { error, result } = message;
    if (error !== undefined) running.end("error", errorClassOf(error));
    else running.end(message.command === undefined ? "ok" : resultOf(message.command.toLowerCase(), result));
  }

  // What throws before it has a promise to reject ends at once.
  const endThrown = (message: CommandMessage): void => {
    if (message.error !== undefined) end(message);
  };
  return Object.fromEntries(
    ["command", "batch"].flatMap((kind) => [
      [`tracing:${library}:${kind}:start`, begin],
      [`tracing:${library}:${kind}:end`, endThrown],
      [`tracing:${library}:${kind}:asyncEnd`, end],
    ]),
  );
}

/** Where a command goes, for its span. */
export function attributesOf({ serverAddress, serverPort, database }: CommandMessage): Attributes {
  return {
    ...(serverAddress === undefined ? {} : { "server.address": serverAddress }),
    ...(serverPort === undefined ? {} : { "server.port": serverPort }),
    ...(database === undefined ? {} : { "db.namespace": String(database) }),
  };
}

// Of a pipeline the commands are told, of a transaction the whole alone.
function nameOf({ command, batchMode }: CommandMessage): string | undefined {
  if (command !== undefined) return command.toLowerCase();
  return batchMode === "MULTI" ? "multi" : undefined;
}
