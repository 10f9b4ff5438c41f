import type { Context } from "@opentelemetry/api";
import { OVERFLOW } from "../../bounded.js";
import { type ChannelModule, isChannelModule, listenTo } from "../../channels.js";
import type { Collector } from "../../collector.js";
import { contexts } from "../../tracing/context.js";
import type { DbClient } from "./index.js";
import { attributesOf, type QueryMessage, queryHandlers } from "./mysql2-channels.js";
import { SLOW_MS } from "./options.js";

interface WaitMessage {
  [caller: symbol]: Context | undefined;
}

const MAX_DATABASES = 50;

/** Observes every pool and connection of mysql2 in the process, by server and database: `obs.use(mysql2Clients, diagnosticsChannel)`. */
export const mysql2Clients: Collector<ChannelModule, object, "db"> = {
  name: "mysql2-clients",
  domain: "db",
  supports: ">=3.20 <4",
  matches: isChannelModule,

  attach(_module, { domain, guard }) {
    const clients = new Map<string, DbClient>();
    const caller = Symbol("telltale.caller");

    function clientOf(message: QueryMessage): DbClient {
      const wanted = databaseOf(message);
      const name = clients.has(wanted) || clients.size < MAX_DATABASES ? wanted : OVERFLOW;
      const known = clients.get(name);
      if (known !== undefined) return known;
      // Not the message: it holds the query and its result.
      const found = attributesOf(message);
      const made = domain.client({ name, system: "mysql", attributes: () => found, slowMs: SLOW_MS });
      clients.set(name, made);
      return made;
    }

    // A caller that waited for a connection is called in the turn of whoever gave it back.
    const wait = (message: WaitMessage): void => {
      message[caller] = contexts.active();
    };
    const undo = [
      listenTo(guard, "db", queryHandlers(clientOf)),
      listenTo(guard, "db", { "tracing:mysql2:pool:connect:start": wait }),
      contexts.follow("tracing:mysql2:pool:connect:asyncStart", (message: WaitMessage) => message[caller]),
    ];
    return () => {
      for (const detach of undo) detach();
    };
  },
};

function databaseOf({ serverAddress = "localhost", serverPort, database = "" }: QueryMessage): string {
  const server = serverPort === undefined ? serverAddress : `${serverAddress}:${serverPort}`;
  return database === "" ? server : `${server}/${database}`;
}
