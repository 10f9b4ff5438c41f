import { describe, expect, it } from "vitest";
import { createFindEndpoint, listPaths } from "../../src/health/paths.js";

describe("createFindEndpoint", () => {
  it.each([
    ["/health", "health"],
    ["/ready", "ready"],
    ["/live", "live"],
    ["/startup", "startup"],
    ["/health/live", "live"],
    ["/health/ready", "ready"],
    ["/health/startup", "startup"],
    ["/ready/", "ready"],
    ["/ready?verbose=1&x=/live", "ready"],
    ["/health/live/?x", "live"],
  ])("answers %s as %s", (url, endpoint) => {
    expect(createFindEndpoint("")(url)).toBe(endpoint);
  });

  it.each([
    "/",
    "",
    "/healthy",
    "/ready//",
    "//ready",
    "/Ready",
    "/users/ready",
    "/health/other",
    "?/ready",
    "ready",
  ])("leaves %s to the service", (url) => {
    expect(createFindEndpoint("")(url)).toBeUndefined();
  });

  it("puts the base path before every path and lets it stand for the overview", () => {
    const find = createFindEndpoint("/api/health/");
    expect(find("/api/health")).toBe("health");
    expect(find("/api/health/live")).toBe("live");
    expect(find("/api/health/health/ready")).toBe("ready");
    expect(find("/live")).toBeUndefined();
  });

  it("lists what it answers", () => {
    expect([...listPaths("").keys()]).toEqual([
      "/health",
      "/ready",
      "/live",
      "/startup",
      "/health/ready",
      "/health/live",
      "/health/startup",
    ]);
  });
});
