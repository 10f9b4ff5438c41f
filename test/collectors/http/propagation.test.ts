import http, { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { headersToAdd } from "../../../src/collectors/http/client/headers.js";
import { serveCallee } from "../../support/outgoing.js";
import { listen, observe } from "../../support/service.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

const fetched = async (url: string, init?: RequestInit): Promise<string> => (await fetch(url, init)).text();
const got = (url: string, headers = {}): Promise<unknown> =>
  new Promise((resolve) => http.get(url, { headers }, (response) => response.resume().on("end", resolve)));

/** A service that calls another with fetch and with node:http; what the other was sent. */
async function chain(propagators: string[], own: Record<string, string> = {}) {
  const { url, heard } = await serveCallee();
  const { obs } = observe({ tracing: { exporter: "none", propagators }, http: { outgoing: true } });
  obs.instrument(http.globalAgent);
  const outer = await listen(
    createServer(
      obs.http(async (_req, res) => {
        await fetched(`${url}/ok`, { headers: own });
        await got(`${url}/ok`, own);
        res.end();
      }),
    ),
  );
  return { url: outer.url, heard };
}

describe("a service with B3, Jaeger and baggage", () => {
  test("follows a caller that speaks one of them, and sends all on over fetch and node:http", async () => {
    const { url, heard } = await chain(["tracecontext", "b3", "b3multi", "jaeger", "baggage"]);
    await fetched(url, { headers: { b3: `${TRACE}-${SPAN}-1`, baggage: "tenant=a%20b" } });
    expect(heard).toHaveLength(2);
    for (const headers of heard) {
      expect(headers["traceparent"]).toMatch(new RegExp(`^00-${TRACE}-\\w{16}-01$`));
      const [, , span] = String(headers["traceparent"]).split("-");
      expect(headers).toMatchObject({
        b3: `${TRACE}-${span}-1`,
        "x-b3-traceid": TRACE,
        "x-b3-spanid": span,
        "x-b3-sampled": "1",
        "uber-trace-id": `${TRACE}:${span}:0:01`,
        "uberctx-tenant": "a%20b",
        baggage: "tenant=a%20b",
      });
    }
  });

  test("does not follow or send what is not on its list", async () => {
    const { url, heard } = await chain(["b3"]);
    await fetched(url, { headers: { traceparent: `00-${TRACE}-${SPAN}-01`, baggage: "a=1" } });
    for (const headers of heard)
      expect([headers["traceparent"], headers["baggage"], headers["b3"]]).toEqual(Array(3).fill(undefined));
  });

  test("leaves a trace and a baggage alone that the code itself sends", async () => {
    const { url, heard } = await chain(["tracecontext", "b3", "baggage"], { b3: "mine", Baggage: "mine=1" });
    await fetched(url, { headers: { traceparent: `00-${TRACE}-${SPAN}-01`, baggage: "a=1" } });
    for (const headers of heard)
      expect([headers["traceparent"], headers["b3"], headers["baggage"]]).toEqual([
        undefined,
        "mine",
        "mine=1",
      ]);
  });
});

describe("headersToAdd", () => {
  const headers = { traceparent: "1", tracestate: "2", baggage: "3", "uberctx-a": "4" };
  const added = (...theirs: string[]) =>
    headersToAdd(headers, (name) => theirs.includes(name)).map(([name]) => name);

  test("adds all, or what the caller has not said", () => {
    expect(added()).toEqual(Object.keys(headers));
    expect(added("tracestate")).toEqual(["baggage", "uberctx-a"]);
    expect(added("baggage")).toEqual(["traceparent", "tracestate", "uberctx-a"]);
    expect(added("uberctx-a", "traceparent")).toEqual(["baggage"]);
  });
});
