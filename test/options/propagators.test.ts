import { expect, it } from "vitest";
import { propagatorsOf } from "../../src/options/propagators.js";
import { resolveOptions } from "../../src/options.js";

const fromEnv = (value?: string) =>
  propagatorsOf(undefined, value === undefined ? {} : { OTEL_PROPAGATORS: value });

it.each([
  [undefined, ["tracecontext", "baggage"]],
  ["", ["tracecontext", "baggage"]],
  ["b3multi", ["b3multi"]],
  [" Jaeger, b3 ", ["jaeger", "b3"]],
  ["none", []],
  ["b3,none", []],
])("OTEL_PROPAGATORS=%s gives %j", (value, propagators) => {
  expect(fromEnv(value)).toEqual({ propagators, complaints: [] });
});

it("a name that is not known is told and left out", () => {
  const { propagators, complaints } = fromEnv("tracecontext,xray");
  expect(propagators).toEqual(["tracecontext"]);
  expect(complaints).toEqual([
    'OTEL_PROPAGATORS names "xray", which is not one of tracecontext, baggage, b3, b3multi, jaeger',
  ]);
});

it("the option wins over the environment, and is checked", () => {
  const settings = resolveOptions(
    { service: "a", tracing: { propagators: ["b3"] } },
    { OTEL_PROPAGATORS: "xray" },
  );
  expect(settings.tracing).toMatchObject({ propagators: ["b3"], complaints: [] });
  expect(() => resolveOptions({ service: "a", tracing: { propagators: ["b4"] } }, {})).toThrow(
    'option tracing.propagators: expected an array of "tracecontext", "baggage", "b3", "b3multi", "jaeger", got ["b4"].',
  );
});
