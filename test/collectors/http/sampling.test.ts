import { createServer } from "node:http";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { table } from "../../support/exposition.js";
import { listen, observe, PATIENCE } from "../../support/service.js";

function keeping(spans: ReadableSpan[]): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: (span) => void spans.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

const ask = async (url: string): Promise<string> => (await fetch(url)).text();

test("a rule on a route leaves requests out by their path, and keeps others with the attributes of any", async () => {
  const spans: ReadableSpan[] = [];
  const rules = [{ route: "/quiet/:id", ratio: 0 }, { route: "/loud*" }];
  const { obs, settled } = observe({
    tracing: { exporter: keeping(spans), sampleRatio: 0, sampling: { rules } },
  });
  const { url } = await listen(createServer(obs.http((_req, res) => void res.end("ok"))));
  for (const path of ["/quiet/7?a=1", "/loud/1", "/other"]) await ask(url + path);
  await settled(3);
  expect(spans.map(({ attributes }) => attributes)).toEqual([
    expect.objectContaining({
      "url.path": "/loud/1",
      "http.request.method": "GET",
      "http.response.status_code": 200,
    }),
  ]);
});

test("questions to a sampling server are neither counted nor traced", async () => {
  let asked = 0;
  const server = await listen(
    createServer((_req, res) => {
      asked++;
      res.end('{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}}');
    }),
  );
  const spans: ReadableSpan[] = [];
  const remote = { endpoint: server.url, pollingIntervalMs: 5, initialRatio: 1 };
  const { samples } = observe({
    tracing: { exporter: keeping(spans), sampling: { remote } },
    http: { outgoing: true },
  });
  await expect.poll(() => asked, PATIENCE).toBeGreaterThan(2);
  expect(table(await samples(), "http_client_requests_total", ["method", "status"])).toEqual({});
  expect(spans).toEqual([]);
});
