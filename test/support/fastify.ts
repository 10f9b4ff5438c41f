import { type FastifyInstance, type FastifyServerOptions, fastify as fastify5 } from "fastify";
import { fastify as fastify4 } from "fastify4";
import { onTestFinished } from "vitest";
import { type Observed, observe, trackConnections } from "./service.js";

/** Makes a Fastify app of one version; the types are those of 5. */
export type MakeFastify = (options?: FastifyServerOptions & { http2?: true }) => FastifyInstance;

/** The versions that are supported, by name, for `describe.each`. */
export const FASTIFIES: readonly (readonly [string, MakeFastify])[] = [
  ["Fastify 5", fastify5 as unknown as MakeFastify],
  ["Fastify 4", fastify4 as unknown as MakeFastify],
];

/** An app that listens, and what is observed of it. */
export interface FastifyService extends Observed {
  readonly app: FastifyInstance;
  readonly port: number;
  readonly url: string;
  /** Sends a request and reads the answer whole. */
  ask(path: string, init?: RequestInit): Promise<{ status: number; body: string; headers: Headers }>;
}

/** Registers `obs.fastify`, then what `declare` declares, and listens on 127.0.0.1 until the test is over. */
export async function serveFastify(
  app: FastifyInstance,
  declare: (app: FastifyInstance, observed: Observed) => unknown,
  observed: Observed = observe(),
): Promise<FastifyService> {
  await app.register(observed.obs.fastify);
  return listenFastify(app, declare, observed);
}

/** Declares and listens, without registering anything. */
export async function listenFastify(
  app: FastifyInstance,
  declare: (app: FastifyInstance, observed: Observed) => unknown,
  observed: Observed,
): Promise<FastifyService> {
  await declare(app, observed);
  const cut = trackConnections(app.server);
  onTestFinished(() => {
    cut();
    return app.close();
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    ...observed,
    app,
    port: Number(new URL(url).port),
    url,
    async ask(path, init) {
      const response = await fetch(url + path, init);
      return { status: response.status, body: await response.text(), headers: response.headers };
    },
  };
}
