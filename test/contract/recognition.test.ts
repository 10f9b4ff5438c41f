import http, { createServer } from "node:http";
import { createServer as createHttp2Server, createSecureServer } from "node:http2";
import https from "node:https";
import { Cluster, Redis } from "ioredis";
import { createPool } from "mysql2";
import { createPool as createPromisePool } from "mysql2/promise";
import { createClient, createClientPool } from "redis";
import { describe, expect, test } from "vitest";
import { COLLECTORS } from "../../src/collectors/index.js";
import { EXPRESSES } from "../support/express.js";
import { FASTIFIES } from "../support/fastify.js";

const namesOf = (value: unknown): string[] =>
  COLLECTORS.filter((collector) => collector.matches(value)).map(({ name }) => name);

describe("a target is recognised by one collector alone:", () => {
  test.each([
    ...EXPRESSES.map(([name, express]) => [name, "express", () => express()] as const),
    ...FASTIFIES.map(([name, fastify]) => [name, "fastify", () => fastify()] as const),
    ["a server of node:http", "node", () => createServer()],
    ["a server of node:https", "node", () => https.createServer()],
    ["a server of node:http2", "node", () => createHttp2Server()],
    ["a secure server of node:http2", "node", () => createSecureServer()],
    ["fetch", "undici", () => globalThis.fetch],
    ["the module node:http", "node-client", () => http],
    ["the module node:https", "node-client", () => https],
    ["an agent", "agent", () => new http.Agent()],
    ["an agent of https", "agent", () => https.globalAgent],
    ["a client of ioredis", "ioredis", () => new Redis({ lazyConnect: true })],
    ["a cluster of ioredis", "ioredis", () => new Cluster([{ port: 1 }], { lazyConnect: true })],
    ["a client of redis", "redis", () => createClient()],
    ["a pool of redis", "redis", () => createClientPool()],
    ["a pool of mysql2", "mysql2", () => createPool({})],
    ["a pool of mysql2/promise", "mysql2", () => createPromisePool({})],
  ] as const)("%s is of %s", (_what, name, create: () => unknown) => {
    expect(namesOf(create())).toEqual([name]);
  });

  test("a module imported as a namespace is recognised too", async () => {
    expect(namesOf(await import("node:http"))).toEqual(["node-client"]);
  });

  test.each([
    ["a router of Express", () => EXPRESSES[0]?.[1].Router()],
    ["a TCP server", async () => (await import("node:net")).createServer()],
    ["another fetch", () => () => Promise.resolve()],
    ["the module node:http2", () => import("node:http2")],
  ])("%s is of none", async (_what, create) => {
    expect(namesOf(await create())).toEqual([]);
  });
});
