import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createTracing, type Tracing } from "../../src/tracing/index.js";
import { noteBook } from "./spans.js";

type Api = typeof import("@opentelemetry/api");

const load = createRequire(import.meta.url);
const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1"));
});

/** Loads a copy of @opentelemetry/api that says it is `version`, as a second install in another node_modules is. */
function loadApiCopy(version: string): Api {
  const dir = join(mkdtempSync(join(tmpdir(), "api-copy-")), "node_modules", "@opentelemetry", "api");
  const entry = load.resolve("@opentelemetry/api");
  cpSync(dirname(entry), join(dir, "build", "src"), { recursive: true });
  const versionFile = join(dir, "build", "src", "version.js");
  writeFileSync(
    versionFile,
    readFileSync(versionFile, "utf8").replace(/VERSION = '.*'/, `VERSION = '${version}'`),
  );
  cleanups.push(() => {
    for (const path of Object.keys(load.cache)) if (path.startsWith(dir)) delete load.cache[path];
    rmSync(dir, { recursive: true });
  });
  return load(join(dir, "build", "src", "index.js")) as Api;
}

function idsOnly(): Tracing {
  const tracing = createTracing(
    { service: "chat", resource: {}, headers: {}, sampleRatio: 1, exporter: "none" },
    noteBook().note,
  );
  cleanups.push(() => void tracing.close());
  return tracing;
}

describe("probe", () => {
  it("has nothing to say where there is one copy", () => {
    expect(idsOnly().probe()).toBeUndefined();
  });

  it("has nothing to say of a copy that is older, which reads what is there", () => {
    const tracing = idsOnly();
    loadApiCopy("1.9.0");
    loadApiCopy("1.4.0");
    expect(tracing.probe()).toBeUndefined();
  });

  it("names a copy that is newer, whose spans are lost without a word", () => {
    const tracing = idsOnly();
    const copy = loadApiCopy("1.10.0");
    expect(copy.trace.getTracer("app").startSpan("lost").isRecording()).toBe(false);
    expect(tracing.probe()).toMatch(
      /^The copy of @opentelemetry\/api at .*api-copy-.*index\.js is newer .* \(1\.\d+\.\d+\).*npm dedupe\.$/,
    );
  });

  it("says so when another copy was first and refuses ours", () => {
    const copy = loadApiCopy("1.10.0");
    copy.propagation.setGlobalPropagator({
      inject: () => undefined,
      extract: (ctx) => ctx,
      fields: () => [],
    });
    expect(idsOnly().probe()).toMatch(
      /^@opentelemetry\/api 1\.10\.0 registered first and refuses telltale's copy/,
    );
  });

  it("has nothing to say when tracing is off", () => {
    loadApiCopy("1.10.0");
    expect(createTracing(false, noteBook().note).probe()).toBeUndefined();
  });
});
