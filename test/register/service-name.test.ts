import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fallbackService, isLauncher } from "../../src/register/service-name.js";

const folder = mkdtempSync(join(tmpdir(), "telltale-name-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text = ""): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe("the name of a service that nobody has named", () => {
  test("is that of the nearest package.json which has one", () => {
    put("shop/package.json", '{"name":"@acme/shop"}');
    put("shop/api/package.json", '{"type":"module"}');
    expect(fallbackService({}, put("shop/api/src/main.js"))).toBe("@acme/shop");
  });

  test("is OpenTelemetry's where there is none, or none that can be read", () => {
    put("broken/package.json", "{");
    expect(fallbackService({}, put("broken/main.js"))).toBe("unknown_service:node");
  });

  test("is that of the folder it runs in where a dependency is run", () => {
    put("node_modules/framework/package.json", '{"name":"framework"}');
    expect(fallbackService({}, put("node_modules/framework/start.js"))).toBe("telltale");
    expect(fallbackService({}, undefined)).toBe("telltale");
  });

  test.each(["TELLTALE_SERVICE", "OTEL_SERVICE_NAME"])("is not asked for where %s is set", (name) => {
    expect(fallbackService({ [name]: "x" }, undefined)).toBeUndefined();
    expect(fallbackService({ [name]: "" }, undefined)).toBe("telltale");
  });

  test("is not asked for where the resource attributes have it", () => {
    expect(fallbackService({ OTEL_RESOURCE_ATTRIBUTES: "a=b,service.name=x" }, undefined)).toBeUndefined();
  });
});

test("package managers are told from applications", () => {
  expect(["/usr/lib/npm/bin/npm-cli.js", "/x/yarn.js", "/x/pnpm.cjs"].map(isLauncher)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["/app/main.js", undefined].map(isLauncher)).toEqual([false, false]);
});
