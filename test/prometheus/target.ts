import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import type { MetricsHandler } from "../../src/metrics/exposition/handler.js";

/** Serves a metrics endpoint on a free port of 127.0.0.1 until the test file is over; call it before the tests begin. */
export async function serveMetrics(handler: MetricsHandler): Promise<number> {
  const server = createServer((req, res) => void handler(req, res)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
