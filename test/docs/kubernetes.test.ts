import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listPaths } from "../../src/health/paths.js";
import { completeShutdown, type ReadShutdown } from "../../src/options/shutdown.js";
import { OPTION_ROWS } from "../../src/options/table.js";
import { ROOT, snippetsOf } from "./pages.js";

const path = "docs/guides/kubernetes.md";
const snippets = snippetsOf({ path, text: readFileSync(join(ROOT, path), "utf8") });
const yaml = snippets.find(({ language }) => language === "yaml")?.code ?? "";
const fallback = (option: string): unknown => OPTION_ROWS.find((row) => row.path === option)?.fallback;

type Tree = { [key: string]: Tree | string };

/** The plain mappings of a document by their indentation; an item of a list stands by its number. */
function parseYaml(text: string): Tree {
  const root: Tree = {};
  const stack: { indent: number; node: Tree }[] = [{ indent: -1, node: root }];
  for (const line of text.split("\n").filter((found) => found.trim() !== "")) {
    const [, spaces = "", dash = "", key = "", value = ""] = /^( *)(- )?([\w]+): ?(.*)$/.exec(line) ?? [];
    expect([line, key]).not.toEqual([line, ""]);
    const indent = spaces.length + dash.length;
    const dropFrom = dash === "" ? indent : spaces.length;
    while ((stack.at(-1)?.indent ?? -1) >= dropFrom) stack.pop();
    let parent = stack.at(-1)?.node as Tree;
    if (dash !== "") {
      const item: Tree = {};
      parent[String(Object.keys(parent).length)] = item;
      stack.push({ indent: spaces.length, node: item });
      parent = item;
    }
    const child: Tree = {};
    parent[key] = value === "" ? child : value;
    if (value === "") stack.push({ indent, node: child });
  }
  return root;
}

function at(tree: Tree, keys: string): Tree {
  return keys.split(".").reduce((node, key) => node[key] as Tree, tree);
}

describe("the Deployment of docs/guides/kubernetes.md", () => {
  const pod = at(parseYaml(yaml), "spec.template.spec");
  const container = at(pod, "containers.0");

  it.each([
    ["startup", "/startup", 2, 30],
    ["readiness", "/ready", 5, 2],
    ["liveness", "/live", 10, 3],
  ])("has a %s probe of %s, every %i s, failing after %i", (kind, probed, period, threshold) => {
    const probe = at(container, `${kind}Probe`);
    expect(probe).toMatchObject({
      httpGet: { path: probed, port: "ops" },
      periodSeconds: String(period),
      failureThreshold: String(threshold),
      timeoutSeconds: String(Number(fallback("health.timeoutMs")) / 1000),
    });
    expect(listPaths({ basePath: "", paths: {}, kubernetesPaths: false }).has(probed)).toBe(true);
  });

  it("has the default management port", () => {
    expect(container["ports"]).toMatchObject({
      1: { name: "ops", containerPort: String(fallback("management.port")) },
    });
  });

  it("leaves the shutdown its time, and the endpoints theirs to go", () => {
    const settings = completeShutdown({ enabled: true } as ReadShutdown, {
      KUBERNETES_SERVICE_HOST: "10.0.0.1",
    });
    const times = ["requestTimeoutMs", "hooksTimeoutMs", "flushTimeoutMs"];
    const sum = times.reduce(
      (total, name) => total + Number(fallback(`health.shutdown.${name}`)),
      settings.drainDelayMs,
    );
    const deadline = Number(fallback("health.shutdown.hardDeadlineMs"));
    expect([sum, deadline]).toEqual([23_000, 25_000]);
    expect(Number(pod["terminationGracePeriodSeconds"]) * 1000).toBeGreaterThan(deadline);
    expect(settings.drainDelayMs).toBeGreaterThanOrEqual(5000);
  });
});

describe("the Dockerfile of docs/guides/kubernetes.md", () => {
  const dockerfile = snippets.find(({ language }) => language === "dockerfile")?.code ?? "";

  it("runs node itself, and a command of the package on the default management port", () => {
    expect(dockerfile).toContain('CMD ["node", "server.js"]');
    const { bin } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(Object.keys(bin)).toContain("telltale");
    expect(dockerfile).toContain('"node_modules/.bin/telltale", "healthcheck"');
    expect(dockerfile).toContain(`http://localhost:${fallback("management.port")}/live`);
  });
});
