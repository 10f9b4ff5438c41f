import http from "node:http";
import { describe, test } from "vitest";
import { nodeClient as collector } from "../../src/collectors/http/node-client.js";
import { callingFixture, contractOf, getOnce } from "./subjects.js";

describe("the collector of node:http clients keeps the contract: it", () => {
  for (const { name, run } of contractOf(
    collector,
    callingFixture(http, (url) => getOnce(url, false)),
  ))
    test(name, run);
});
