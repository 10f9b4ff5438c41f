import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { startReceiver } from "../metrics/push/receiver.js";
import { startProgram } from "./program.js";

const BATCH = "examples/batch/index.mjs";

it("examples/batch leaves its numbers in the group of the job, and ends with 0", async () => {
  const gateway = await startReceiver(200);
  const program = startProgram(BATCH, { PUSHGATEWAY_URL: gateway.url });
  expect(await program.ended()).toBe(0);
  expect(program.output()).toContain("pushed\n");
  expect(gateway.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "PUT /metrics/job/batch-example",
  ]);
  const body = String(gateway.received[0]?.body);
  expect(body).toMatch(/^batch_records_total\{.*result="stored"\} 90$/m);
  expect(body).toMatch(/^batch_records_total\{.*result="skipped"\} 10$/m);
  expect(body).toMatch(/^batch_last_success_timestamp_seconds\S* 1\d{9}/m);
});

it("examples/batch does its work and ends with 0 without a Pushgateway", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => free.once("listening", resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const program = startProgram(BATCH, { PUSHGATEWAY_URL: `http://127.0.0.1:${port}` });
  expect(await program.ended()).toBe(0);
  expect(program.output()).toMatch(/not pushed: .*ECONNREFUSED/);
});
