import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Format } from "esbuild";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mustRun, runProgram } from "./run-program.js";
import { type Stage, stagePackage } from "./stage.js";

const STAGE_TIMEOUT_MS = 5 * 60_000;
const PROGRAM_TIMEOUT_MS = 2 * 60_000;
const TSC = fileURLToPath(import.meta.resolve("typescript/bin/tsc"));
const ATTW = join(
  dirname(fileURLToPath(import.meta.resolve("@arethetypeswrong/cli/package.json"))),
  "dist/index.js",
);

let stage: Stage;
let fixtures = "";

beforeAll(async () => {
  stage = await stagePackage();
  fixtures = mkdtempSync(join(stage.consumers, "run-"));
  cpSync(join(import.meta.dirname, "fixtures"), fixtures, { recursive: true });
}, STAGE_TIMEOUT_MS);

afterAll(() => {
  if (fixtures) rmSync(fixtures, { recursive: true, force: true });
});

describe("the tarball", () => {
  it("holds the build, the docs, the licence and the changelog, and nothing else", () => {
    const strangers = stage.packed.filter(
      (path) => !/^(dist|docs)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
    );
    expect(strangers).toEqual([]);
    const promised = ["README.md", "LICENSE", "CHANGELOG.md", "dist/index.js", "dist/index.mjs"];
    expect(promised.filter((path) => !stage.packed.includes(path))).toEqual([]);
  });

  it("ships in dist only JavaScript with its types beside it", () => {
    const dist = stage.packed.filter((path) => path.startsWith("dist/"));
    expect(dist.filter((path) => !/\.(m?js|d\.m?ts)$/.test(path))).toEqual([]);
    const scripts = dist.filter((path) => /\.m?js$/.test(path));
    expect(scripts.filter((path) => !dist.includes(path.replace(/\.(m?)js$/, ".d.$1ts")))).toEqual([]);
  });

  it("satisfies publint, suggestions included", async () => {
    const bytes = readFileSync(stage.tarball);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball }, strict: true });
    expect(messages).toEqual([]);
  });

  it("has types that are right for import, for require and for bundlers", async () => {
    const flags = [
      "--profile",
      "node16",
      "--no-definitely-typed",
      "--format",
      "ascii",
      "--no-emoji",
      "--no-color",
    ];
    const entries = ["--include-entrypoints", "http/express", "http/fastify", "http/node"];
    const { code, stdout } = await runProgram(
      process.execPath,
      [ATTW, stage.tarball, ...flags, ...entries],
      fixtures,
    );
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("telltale/http/express"),
    });
  });
});

describe("the installed tree", () => {
  it.each(["core", "resources", "sdk-trace", "sdk-trace-base", "api"])(
    "has one copy of @opentelemetry/%s",
    (name) => {
      const listing = readFileSync(join(stage.consumers, "node_modules", ".package-lock.json"), "utf8");
      const { packages }: { packages: object } = JSON.parse(listing);
      const copies = Object.keys(packages).filter((path) => path.endsWith(`/@opentelemetry/${name}`));
      expect(copies).toEqual([`node_modules/@opentelemetry/${name}`]);
    },
  );
});

/** What each program prints, by the name of its service. */
function served(service: string): RegExp {
  return new RegExp(
    `^200 hello\nhttp_requests_total\\{(?=[^}]*method="GET")(?=[^}]*status="200")(?=[^}]*service="${service}")[^}]*\\} 1\n`,
  );
}

describe("a consumer", { timeout: PROGRAM_TIMEOUT_MS }, () => {
  const node = (folder: string, file: string) => mustRun(process.execPath, [file], join(fixtures, folder));
  const tsc = (folder: string) => mustRun(process.execPath, [TSC, "-p", "."], join(fixtures, folder));

  it("in CommonJS is served, scraped and let go", async () => {
    expect(await node("cjs-js", "main.js")).toMatch(served("cjs-js"));
  });

  it("in ESM is served, scraped and let go, and shares its copy with require()", async () => {
    const output = await node("esm-js", "main.js");
    expect(output).toMatch(served("esm-js"));
    expect(output).toContain("one copy: true");
  });

  it("in TypeScript for Node compiles with the library's types checked, from import and from require", async () => {
    await tsc("ts-nodenext");
    expect(await node("ts-nodenext", "out/main.js")).toMatch(served("ts-nodenext"));
    expect(await node("ts-nodenext", "out/legacy.cjs")).toBe("closed\n");
  });

  it.each<[Format, string, string]>([
    ["cjs", "bundle.cjs", ""],
    [
      "esm",
      "bundle.mjs",
      'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    ],
  ])(
    "in TypeScript bundled as %s compiles, is served, scraped and let go",
    async (format, outfile, banner) => {
      await tsc("ts-bundler");
      await build({
        absWorkingDir: join(fixtures, "ts-bundler"),
        entryPoints: ["main.ts"],
        outfile,
        format,
        bundle: true,
        platform: "node",
        target: "node20",
        banner: { js: banner },
        // It reads jaeger.thrift from its own folder, which a bundle does not have.
        external: ["@opentelemetry/exporter-jaeger"],
        logLevel: "silent",
      });
      expect(await node("ts-bundler", outfile)).toMatch(served("ts-bundler"));
    },
  );
});

describe("telltale/register", { timeout: PROGRAM_TIMEOUT_MS }, () => {
  it.each(["--import", "--require"])("is found by node %s", async (flag) => {
    const program =
      'const found = globalThis[Symbol.for("telltale.registered.1")]; console.log(typeof found); process.exit()';
    const output = await mustRun(process.execPath, [flag, "telltale/register", "-e", program], fixtures);
    expect(output).toBe("function\n");
  });
});

describe("the two faces of the package", () => {
  it("show the same names to import and to require", async () => {
    const list =
      "console.log(JSON.stringify(Object.keys(m).filter((k) => !/^(default|module.exports|__esModule)$/.test(k)).sort()))";
    const esm = await mustRun(
      process.execPath,
      ["--input-type=module", "-e", `import * as m from "telltale"; ${list}`],
      fixtures,
    );
    const cjs = await mustRun(process.execPath, ["-e", `const m = require("telltale"); ${list}`], fixtures);
    expect(JSON.parse(esm)).toContain("createObservability");
    expect(esm).toBe(cjs);
  });

  it("give every collector of a domain by its path, and the contract, but none of the parts they are made of", async () => {
    const tell = `(name) => {
      try { return [name, typeof require("telltale/" + name)]; } catch (error) { return [name, error.code]; }
    }`;
    const files = readdirSync(join(stage.consumers, "node_modules/telltale/dist/collectors/http"), {
      recursive: true,
    });
    const names = files
      .map(String)
      .filter((file) => file.endsWith(".js"))
      .map((file) => `http/${file.slice(0, -3)}`);
    const given = [
      "http/agent",
      "http/express",
      "http/fastify",
      "http/fetch",
      "http/node",
      "http/node-client",
      "testing",
    ];
    const program = `console.log(JSON.stringify(${JSON.stringify([...names, "testing"])}.map(${tell})))`;
    const output: [string, string][] = JSON.parse(await mustRun(process.execPath, ["-e", program], fixtures));
    expect(
      output
        .filter(([, got]) => got === "object")
        .map(([name]) => name)
        .sort(),
    ).toEqual(given);
    const refused = output.filter(([name]) => !given.includes(name));
    expect(refused.length).toBeGreaterThan(10);
    expect(new Set(refused.map(([, got]) => got))).toEqual(new Set(["ERR_PACKAGE_PATH_NOT_EXPORTED"]));
  });
});
