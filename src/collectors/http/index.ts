import type { DomainKit } from "../../collector.js";
import { type ClientCalls, createClientCalls } from "./client/calls.js";
import { createHttpClient, type HttpClient } from "./client/client.js";
import { createHttpServer, type HttpServer, type OnRequest } from "./server/server.js";
import type { HttpSettings } from "./settings.js";

declare module "../../collector.js" {
  interface Domains {
    http: HttpDomain;
  }
}

/** The vocabulary of HTTP: requests that come in and requests that go out. */
export interface HttpDomain {
  readonly server: HttpServer;
  readonly client: HttpClient;
  /** Requests of node:http, which more than one hook may tell of. */
  readonly calls: ClientCalls;
}

/** Declares the families of the domain and makes its vocabulary. */
export function createHttpDomain(kit: DomainKit, settings: HttpSettings, onRequest?: OnRequest): HttpDomain {
  const client = createHttpClient(kit, settings);
  return {
    server: createHttpServer(kit, settings, onRequest),
    client,
    calls: createClientCalls(client, kit.guard),
  };
}
