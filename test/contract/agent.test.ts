import { Agent } from "node:http";
import { describe, test } from "vitest";
import { type AgentLike, agent as collector } from "../../src/collectors/http/agent.js";
import { callingFixture, contractOf, getOnce } from "./subjects.js";

describe("the collector of agents keeps the contract: it", () => {
  const fixture = {
    async open() {
      const agent = new Agent({ keepAlive: false });
      return callingFixture(agent as unknown as AgentLike, (url) => getOnce(url, agent)).open();
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});
