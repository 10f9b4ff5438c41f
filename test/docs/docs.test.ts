import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OPTION_ROWS } from "../../src/options/table.js";
import { anchorsOf, linksOf, ROOT, readPages } from "./pages.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

// Written like an option or a variable of one, and neither.
const OTHER_NAMES = new Set([
  "TELLTALE_OPTION",
  "TELLTALE_LABEL",
  "TELLTALE_FAMILY",
  "TELLTALE_TRACING",
  "TELLTALE_NODE_MATRIX",
  "http.request.method",
  "http.route",
  "http.request.body.bytes",
  "http.response.body.bytes",
  "service.name",
  "service.version",
  "service.instance.id",
  "http.outgoing",
  "http.Agent",
  "http.request",
  "metrics.md",
  "metrics.push",
]);

describe("the generated pages", () => {
  it("are what `npm run docs` would write", () => {
    execFileSync(process.execPath, ["scripts/docs.mjs", "--check"], { cwd: ROOT });
  });

  it("name for every option an environment variable, or say that it is for code only", () => {
    const rows = [...read("docs/options.md").matchAll(/^\| `([\w.]+)` \|(.+)\|$/gm)];
    const environment = rows.map(([, path, cells = ""]) => [path, cells.split(/ (?<!\\)\| /)[2]?.trim()]);
    expect(environment.map(([path]) => path)).toEqual(OPTION_ROWS.map(({ path }) => path));
    const odd = environment.filter(([, cell = ""]) => !/^(code only|`[A-Z_]+`(, `[A-Z_]+`)*)$/.test(cell));
    expect(odd).toEqual([]);
  });
});

describe("the pages", () => {
  const pages = readPages();

  it("link only to what exists, headings included", () => {
    const links = pages.flatMap((page) => linksOf(page).map((link) => ({ from: page.path, ...link })));
    expect(links.length).toBeGreaterThanOrEqual(20);
    const dead = links.filter(({ target, anchor }) => {
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== "" && !anchorsOf(read(target)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it("begin, in the readme, with the two commands", () => {
    const [readme] = pages;
    expect(readme?.text.match(/^npm ci && .+$/gm)).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
    expect(readme?.text.indexOf("npm ci && npm run demo")).toBeLessThan(40);
  });

  it("name only options and environment variables that exist", () => {
    const known = new Set(OPTION_ROWS.flatMap(({ path, env }) => [path, ...env]));
    const sections = new Set([...known].map((path) => path.split(".")[0]));
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/`((?:[a-z]+\.)+[a-zA-Z]+|TELLTALE_[A-Z_]+)`/g)].map(([, name = ""]) => ({
        path,
        name,
      })),
    );
    const optionLike = named.filter(
      ({ name }) => name.startsWith("TELLTALE_") || sections.has(name.split(".")[0]),
    );
    expect(optionLike.filter(({ name }) => !known.has(name) && !OTHER_NAMES.has(name))).toEqual([]);
  });
});
