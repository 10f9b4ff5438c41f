import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { isClientModule } from "../../../src/metrics/clients/client-shape.js";
import { KIN } from "../compatibility/clients.js";

const require = createRequire(import.meta.url);
const client = (KIN[0] as (typeof KIN)[number]).client;

describe("a module of prom-client's kind", () => {
  it.each(KIN)("is $name, imported or required", ({ client }) => {
    expect(isClientModule(client)).toBe(true);
    expect(isClientModule(Reflect.get(client, "default") ?? client)).toBe(true);
  });

  it("is not prom-client 12, whose registry reads at once", () => {
    const opossum = createRequire(require.resolve("opossum-prometheus"));
    expect(opossum("prom-client/package.json")).toMatchObject({ version: expect.stringMatching(/^12\./) });
    expect(isClientModule(opossum("prom-client"))).toBe(false);
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a name", "prom-client"],
    ["a registry", client.register],
    ["the class of registries", client.Registry],
    ["half a module", { Registry: client.Registry }],
    ["another half", { Summary: client.Summary }],
    ["classes without methods", { Registry: class {}, Summary: class {} }],
    ["functions without a prototype", { Registry: () => 1, Summary: () => 1 }],
  ])("is not %s", (_what, value) => {
    expect(isClientModule(value)).toBe(false);
  });
});
