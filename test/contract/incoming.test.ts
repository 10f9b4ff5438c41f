import diagnosticsChannel from "node:diagnostics_channel";
import { createServer } from "node:http";
import { describe, test } from "vitest";
import { incoming as collector } from "../../src/collectors/http/incoming.js";
import { contractOf, fetchOnce, listening } from "./subjects.js";

describe("the collector of a process's servers keeps the contract: it", () => {
  const fixture = {
    async open() {
      const { url, close } = await listening(createServer((_req, res) => res.end("ok")));
      return { target: diagnosticsChannel, exercise: () => fetchOnce(url), close };
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});
