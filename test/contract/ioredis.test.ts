import { Redis } from "ioredis";
import { describe, test } from "vitest";
import { ioredis as collector } from "../../src/collectors/cache/ioredis.js";
import { serviceUrl } from "../support/services/index.js";
import { contractOf } from "./subjects.js";

describe("the collector of ioredis keeps the contract: it", { timeout: 120_000 }, () => {
  const fixture = {
    async open() {
      const target = new Redis(await serviceUrl("redis"));
      await target.ping();
      return { target, exercise: () => target.get("telltale:none"), close: () => target.disconnect() };
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});
