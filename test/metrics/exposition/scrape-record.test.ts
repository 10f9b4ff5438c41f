import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { answerTimeoutMs, watchAnswer } from "../../../src/metrics/exposition/scrape-record.js";

test.each([["finish"], ["close"], ["finish", "close"]])("an answer ends once, with %s", (...events) => {
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  let ends = 0;
  watchAnswer(res, 60_000, () => ends++);
  for (const event of events) res.emit(event);
  expect([ends, res.listenerCount("finish"), res.listenerCount("close")]).toEqual([1, 0, 0]);
});

test.each([
  ["10", 10_000],
  ["0.5", 500],
  ["999", 120_000],
  [undefined, 60_000],
  ["", 60_000],
  ["-1", 60_000],
  ["soon", 60_000],
])("a client that says it waits %s seconds is given %d ms", (seconds, ms) => {
  expect(answerTimeoutMs({ "x-prometheus-scrape-timeout-seconds": seconds })).toBe(ms);
});
