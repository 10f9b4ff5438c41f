import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { transformSync } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProgram } from "../examples/program.js";
import { ROOT, readPages, type Snippet, snippetsOf } from "./pages.js";

const SLOW_MS = 60_000;
const snippets = readPages().flatMap(snippetsOf);
const inLanguage = (language: string) => snippets.filter((snippet) => snippet.language === language);

// Inside the project, so that the package finds itself by its own name.
let folder = "";
beforeAll(() => {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  folder = mkdtempSync(join(ROOT, ".cache", "snippets-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string): Promise<string> {
  let text = "";
  await expect
    .poll(
      async () => {
        const response = await fetch(url).catch(() => undefined);
        text = (await response?.text()) ?? "";
        return response?.status;
      },
      { timeout: 20_000, interval: 50 },
    )
    .toBe(200);
  return text;
}

describe("a `js` block is a whole program", () => {
  it.each(inLanguage("js"))("$where serves, and counts its route", { timeout: SLOW_MS }, async ({ code }) => {
    const port = await freePort();
    const file = join(folder, `${port}.mjs`);
    writeFileSync(file, code.replace("3000", String(port)));
    const program = startProgram(file, {});
    expect(await answers(`http://localhost:${port}/users/7`)).not.toBe("");
    await program.printed(/"event":"http_request".*"route":"\/users\/:id".*"status":200/);
    if (!code.includes("obs.health")) return;
    expect(JSON.parse(await answers(`http://localhost:${port}/health`)).status).toBe("healthy");
    expect(await answers(`http://localhost:${port}/metrics`)).toMatch(
      /^http_requests_total\{.*route="\/users\/:id".*\} [1-9]/m,
    );
  });
});

// What the fragments take for granted.
const BEFORE = `
import { createServer } from "node:http";
import { createObservability } from "telltale";
const obs = createObservability({ service: "docs", logging: { level: "silent" } });
const server = createServer();
async function resize(): Promise<void> {}
async function pingDatabase(_options: { signal: AbortSignal }): Promise<void> {}
const planOf = (key: unknown): string => String(key);
`;
const AFTER = "\nawait obs.close();\n";

describe("a `ts` block is a fragment", () => {
  const fragments = inLanguage("ts");
  const textOf = ({ code }: Snippet) => BEFORE + code.replace("9464", "0") + AFTER;
  const nameOf = (index: number) => join(folder, `fragment-${index}`);

  it("that compiles in strict mode", { timeout: SLOW_MS }, () => {
    expect(fragments.length).toBeGreaterThan(5);
    const files = fragments.map((fragment, i) => {
      writeFileSync(`${nameOf(i)}.mts`, textOf(fragment));
      return `${nameOf(i)}.mts`;
    });
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      types: ["node"],
    });
    const faults = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      const index = files.indexOf(file?.fileName ?? "");
      return `${fragments[index]?.where}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    expect(faults).toEqual([]);
  });

  it("that runs", { timeout: SLOW_MS }, async () => {
    const imports = fragments.map((fragment, i) => {
      writeFileSync(`${nameOf(i)}.mjs`, transformSync(textOf(fragment), { loader: "ts" }).code);
      return `console.log(${JSON.stringify(fragment.where)}); await import("${nameOf(i)}.mjs");`;
    });
    const runner = join(folder, "runner.mjs");
    writeFileSync(runner, [...imports, 'console.log("all ran"); process.exit(0);'].join("\n"));
    const program = startProgram(runner, {});
    expect([await program.ended(), program.output()]).toEqual([0, expect.stringContaining("all ran")]);
  });
});
