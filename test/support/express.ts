import { Agent, createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import express5, { type Express } from "express";
import express4 from "express4";
import { onTestFinished } from "vitest";
import { type Address, listen, type Observed, observe } from "./service.js";

/** Express of one version; the types are those of 5. */
export type ExpressModule = typeof express5;

/** The versions that are supported, by name, for `describe.each`. */
export const EXPRESSES: readonly (readonly [string, ExpressModule])[] = [
  ["Express 5", express5],
  ["Express 4", express4 as unknown as ExpressModule],
];

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** What a request is sent with. */
export interface Ask {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Sends a request to exactly this path and reads the answer whole; rejects when it is cut short. */
export type AskFor = (path: string, ask?: Ask) => Promise<Answer>;

/** An app that listens, and what is observed of it. */
export interface ExpressService extends Observed, Address {
  readonly app: Express;
  readonly ask: AskFor;
  /** Sends one request after the other. */
  askAll(paths: readonly string[]): Promise<number[]>;
}

/** Puts `obs.express()` first, then what `declare` declares, and listens until the test is over. */
export function serveExpress(
  express: ExpressModule,
  declare: (app: Express, observed: Observed) => unknown,
  observed: Observed = observe(),
): Promise<ExpressService> {
  const app = express();
  app.use(observed.obs.express());
  declare(app, observed);
  return listenExpress(app, observed);
}

/** Listens without putting anything first. */
export async function listenExpress(app: Express, observed: Observed): Promise<ExpressService> {
  const address = await listen(createServer(app));
  const ask = asker(address.port);
  return {
    ...observed,
    ...address,
    app,
    ask,
    async askAll(paths) {
      const statuses: number[] = [];
      for (const path of paths) statuses.push((await ask(path)).status);
      return statuses;
    },
  };
}

/** Asks a port of 127.0.0.1 over connections that are kept until the test is over. */
export function asker(port: number): AskFor {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return (path, { method = "GET", headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, agent, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const whole = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: whole,
            text: whole.toString(),
          });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
}
