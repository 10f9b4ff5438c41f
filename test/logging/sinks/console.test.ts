import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Compiled, compile } from "../compiled.js";

let compiled: Compiled;
beforeAll(() => {
  compiled = compile();
});
afterAll(() => {
  compiled.remove();
});

describe("standard output that is a pipe", () => {
  it("stops no event loop when nobody reads it, and drops what does not fit, counted", async () => {
    const ended = await compiled.run(
      `const { logger, close } = make({});
       const text = "x".repeat(1000);
       for (let i = 0; i < 20000; i++) logger.info({ i }, text);
       setTimeout(() => process.stderr.write("alive " + JSON.stringify(drops)), 100);
       setTimeout(() => close().then(() => process.stderr.write(" closed")), 300);`,
      { readDelayMs: 60_000, killOn: " closed" },
    );
    expect(ended.stderr).toMatch(/^alive \["stdout buffer_full \d+"\].* closed$/s);
  });

  it("goes on with the lines that come after the close", async () => {
    const ended = await compiled.run(
      `const { logger, close } = make({}); logger.info("one"); close().then(() => logger.info("two"));`,
    );
    expect(ended.lines).toHaveLength(2);
  });
});
