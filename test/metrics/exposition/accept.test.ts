import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { negotiate } from "../../../src/metrics/exposition/accept.js";

const OPEN = "application/openmetrics-text";

// As the servers send them (scrape/scrape.go of each version).
const PROMETHEUS_2 = `${OPEN};version=1.0.0,${OPEN};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`;
const PROMETHEUS_3 = `${OPEN};version=1.0.0;escaping=allow-utf-8;q=0.5,${OPEN};version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`;
const PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

describe("a client", () => {
  test.each([
    ["Prometheus 2.42", PROMETHEUS_2, "openmetrics"],
    ["Prometheus 3", PROMETHEUS_3, "openmetrics"],
    [
      "Prometheus 2.42 that wants native histograms",
      `${PROTOBUF},${OPEN};version=1.0.0;q=0.8,*/*;q=0.1`,
      "protobuf",
    ],
    ["Prometheus 3 that wants them", `${PROTOBUF};q=0.6,${PROMETHEUS_3}`, "protobuf"],
    ["Prometheus that wants text", "text/plain;version=0.0.4;q=0.6,*/*;q=0.5", "text"],
    ["an old Prometheus", `${OPEN}; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`, "openmetrics"],
    ["a browser", BROWSER, "text"],
    ["curl", "*/*", "text"],
    ["one without the header", undefined, "text"],
  ] as const)("%s gets its format", (_who, accept, format) => {
    expect(negotiate(accept)).toBe(format);
  });
});

describe("a header", () => {
  test.each([
    ["text/plain;q=0.4,application/openmetrics-text;q=0.5", "openmetrics"],
    ["application/openmetrics-text;q=0.4, text/plain ; Q=0.5", "text"],
    ["text/plain, application/openmetrics-text", "text"],
    ["application/openmetrics-text, text/plain", "openmetrics"],
    ['Application/OpenMetrics-Text; Version="1.0.0"', "openmetrics"],
    ['application/openmetrics-text; a="x,\\"y;z"; version=1.0.0', "openmetrics"],
    ["application/openmetrics-text;version=1.0.0;q=0", "text"],
    ["application/openmetrics-text;version=2.0.0, text/plain;q=0.1", "text"],
    [
      "application/openmetrics-text;version=2.0.0, application/openmetrics-text;version=1.0.0;q=0.2",
      "openmetrics",
    ],
    ["text/plain;version=1.0.0;escaping=underscores", "text"],
    ["application/openmetrics-text;q=nonsense", "text"],
    ["application/openmetrics-text;q=", "text"],
    ["application/openmetrics-text;q=7", "text"],
    [`${PROTOBUF};q=0.5, text/plain`, "text"],
    ["application/vnd.google.protobuf", "text"],
    ["application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily", "text"],
    ["application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text", "text"],
    ["application/vnd.google.protobuf;proto=other;encoding=delimited", "text"],
    ["text/*, application/openmetrics-text;q=0.9", "text"],
    [',;=,;q=;;version=1.0.0,"', "text"],
    ["constructor, __proto__;q=1, toString", "text"],
    ["", "text"],
  ] as const)("%j asks for %s", (accept, format) => {
    expect(negotiate(accept)).toBe(format);
  });

  it("that names nothing known, or anything, gets what the registry was switched to", () => {
    for (const accept of [undefined, "", "*/*", "image/png", "*/*;q=0.1, image/png"])
      expect(negotiate(accept, "openmetrics")).toBe("openmetrics");
    expect(negotiate("text/plain;q=0.1", "openmetrics")).toBe("text");
    expect(negotiate("*/*, text/plain;q=0.9", "openmetrics")).toBe("openmetrics");
  });

  it("is read up to a length that no scraper reaches", () => {
    expect(negotiate(`${"x,".repeat(500)}${OPEN}`)).toBe("openmetrics");
    expect(negotiate(`${"x,".repeat(1000)}${OPEN}`)).toBe("text");
  });

  it("is answered whatever it holds, without a throw", () => {
    const word = fc.constantFrom(
      "text/plain",
      OPEN,
      "*/*",
      ";",
      ",",
      "=",
      '"',
      "\\",
      "q",
      "0.5",
      "version",
      " ",
      "\n",
    );
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(word).map((words) => words.join("")),
    );
    fc.assert(
      fc.property(hostile, (accept) => {
        expect(["text", "openmetrics", "protobuf"]).toContain(negotiate(accept));
      }),
      { numRuns: 2000 },
    );
  });

  it("is answered by the highest quality, wherever it stands", () => {
    const types = { text: "text/plain", openmetrics: OPEN } as const;
    const qualities = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(qualities, fc.array(fc.boolean(), { minLength: 8 }), (ranks, isOpen) => {
        const ranges = ranks.map(
          (rank, i) => ({ rank, format: isOpen[i] === true ? "openmetrics" : "text" }) as const,
        );
        const header = ranges.map(({ rank, format }) => `${types[format]};q=${rank / 1000}`).join(" , ");
        const best = ranges.reduce((one, other) => (other.rank > one.rank ? other : one));
        expect(negotiate(header)).toBe(best.format);
      }),
    );
  });
});
