import { describe, test } from "vitest";
import { fetchClient as collector } from "../../src/collectors/http/fetch.js";
import { callingFixture, contractOf, fetchOnce } from "./subjects.js";

describe("the collector of fetch keeps the contract: it", () => {
  for (const { name, run } of contractOf(collector, callingFixture(globalThis.fetch, fetchOnce)))
    test(name, run);
});
