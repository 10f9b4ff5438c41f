import type { Agent } from "node:http";
import type { AgentOptions } from "node:https";

/** An agent of our own for `protocol`, so that close() can cut what a hung collector holds. */
export function createAgent(protocol: string, tls: () => AgentOptions = () => ({})): Agent {
  if (protocol !== "https:")
    return new (require("node:http") as typeof import("node:http")).Agent({ keepAlive: true });
  const { Agent: TlsAgent } = require("node:https") as typeof import("node:https");
  return new TlsAgent({ keepAlive: true, ...tls() });
}

/** Closes its connections and opens no more: an exporter that waits to try again must find a closed door. */
export function retireAgent(agent: Agent): void {
  const refuse = (_options: unknown, done: (error: Error) => void): void =>
    done(new Error("the exporter is closed"));
  Object.assign(agent, { createConnection: refuse });
  agent.destroy();
}
