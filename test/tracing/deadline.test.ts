import { describe, expect, it } from "vitest";
import { within } from "../../src/tracing/deadline.js";

describe("within", () => {
  it("is true when the work ends in time, and false when it does not", async () => {
    expect(await within(Promise.resolve("done"), 60_000)).toBe(true);
    expect(await within(new Promise(() => undefined), 1)).toBe(false);
  });

  it("rejects as the work does", async () => {
    await expect(within(Promise.reject(new Error("mine")), 60_000)).rejects.toThrow("mine");
  });

  it("leaves no timer behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    await within(Promise.resolve(), 60_000);
    expect(timers()).toBe(before);
  });
});
