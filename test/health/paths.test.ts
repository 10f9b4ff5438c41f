import { describe, expect, it } from "vitest";
import { createFindTarget, listPaths, type PathSettings } from "../../src/health/paths.js";

const settings = (own: Partial<PathSettings> = {}): PathSettings => ({
  basePath: "",
  paths: {},
  kubernetesPaths: false,
  ...own,
});
const createFindEndpoint = (basePath: string) => createFindTarget(settings({ basePath }));

describe("createFindTarget", () => {
  it.each([
    ["/health", "health"],
    ["/ready", "ready"],
    ["/live", "live"],
    ["/startup", "startup"],
    ["/health/live", "live"],
    ["/health/ready", "ready"],
    ["/health/startup", "startup"],
    ["/health/started", "startup"],
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

  it("takes paths of the service's own in place of an endpoint's", () => {
    const find = createFindTarget(
      settings({ basePath: "/x", paths: { live: ["/alive", "/up"], health: "/status" } }),
    );
    expect(["/x/alive", "/x/up", "/x/status", "/x/ready"].map(find)).toEqual([
      "live",
      "live",
      "health",
      "ready",
    ]);
    expect([find("/x/live"), find("/x/health")]).toEqual([undefined, undefined]);
  });

  it("knows the paths of Kubernetes when it is told to", () => {
    const paths = ["/healthz", "/readyz", "/livez"];
    expect(paths.map(createFindTarget(settings()))).toEqual([undefined, undefined, undefined]);
    const find = createFindTarget(settings({ kubernetesPaths: true }));
    expect([...paths, "/ready"].map(find)).toEqual(["health", "ready", "live", "ready"]);
  });

  it("finds one check by its name", () => {
    const find = createFindEndpoint("");
    expect(find("/health/checks/my%20db?x=1")).toEqual({ check: "my db" });
    expect(find("/health/checks/%zz")).toEqual({ check: "%zz" });
    expect([find("/health/checks/"), find("/health/checks"), find("/health/checks/a/b")]).toEqual(
      Array(3).fill(undefined),
    );
    expect(createFindEndpoint("/api/health")("/api/health/checks/db")).toEqual({ check: "db" });
  });

  it("lists what it answers", () => {
    expect([...listPaths(settings()).keys()]).toEqual([
      "/health",
      "/ready",
      "/health/ready",
      "/live",
      "/health/live",
      "/startup",
      "/health/startup",
      "/health/started",
    ]);
  });
});
