import type { Attributes } from "@opentelemetry/api";
import type { ChannelHandlers } from "../../channels.js";
import type { DbClient, DbOperation } from "./index.js";

/** What mysql2's channels tell of a query. */
export interface QueryMessage {
  /** With its values in it. */
  readonly query?: unknown;
  readonly database?: string;
  readonly serverAddress?: string | undefined;
  readonly serverPort?: number | undefined;
  readonly result?: unknown;
  readonly error?: unknown;
  [running: symbol]: DbOperation | undefined;
}

/** What to do with the messages of `mysql2:query` and `mysql2:execute`. */
export function queryHandlers(
  clientOf: (message: QueryMessage) => DbClient | undefined,
): ChannelHandlers<QueryMessage> {
  const key = Symbol("telltale.mysql2");

  function begin(message: QueryMessage): void {
    if (typeof message.query === "string") message[key] = clientOf(message)?.begin(message.query);
  }

  function end(message: QueryMessage): void {
    const { error, result } = message;
    message[key]?.end(error === undefined ? { rows: rowsOf(result) } : { error: codeOf(error) });
    message[key] = undefined;
  }

  // What throws before it is sent ends at once.
  const endThrown = (message: QueryMessage): void => {
    if (message.error !== undefined) end(message);
  };
  return Object.fromEntries(
    ["query", "execute"].flatMap((kind) => [
      [`tracing:mysql2:${kind}:start`, begin],
      [`tracing:mysql2:${kind}:end`, endThrown],
      [`tracing:mysql2:${kind}:asyncEnd`, end],
    ]),
  );
}

/** Where a query goes, for its span. */
export function attributesOf({ serverAddress, serverPort, database }: QueryMessage): Attributes {
  return {
    ...(serverAddress === undefined ? {} : { "server.address": serverAddress }),
    ...(serverPort === undefined ? {} : { "server.port": serverPort }),
    ...(database === undefined || database === "" ? {} : { "db.namespace": database }),
  };
}

/** The code of a failure, the server's or the system's; never its message, which may hold values. */
export function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" ? name : "Error";
}

// Of several statements in one text each has a result of its own.
function rowsOf(result: unknown): number | undefined {
  if (Array.isArray(result)) {
    const isNested = result.some((part) => Array.isArray(part) || isHeader(part));
    return isNested ? result.reduce((sum, part) => sum + (rowsOf(part) ?? 0), 0) : result.length;
  }
  return isHeader(result) ? result.affectedRows : undefined;
}

function isHeader(value: unknown): value is { affectedRows: number } {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { affectedRows?: unknown }).affectedRows === "number" &&
    "serverStatus" in value
  );
}
