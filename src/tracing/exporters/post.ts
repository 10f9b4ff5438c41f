import type { Agent, ClientRequest } from "node:http";
import type { ExportResult } from "@opentelemetry/core";

/** How a body is posted. */
export interface PostOptions {
  readonly url: URL;
  readonly agent: Agent;
  /** Longest from the first byte to the end of the answer. */
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Posts a body; an answer of 2xx is a success. Calls `done` once and never throws. */
export function post(body: string, done: (result: ExportResult) => void, options: PostOptions): void {
  let finish = (error?: Error): void => {
    finish = () => undefined;
    done(error === undefined ? { code: 0 } : { code: 1, error });
  };
  try {
    const request = start(options);
    request.on("error", (error) => finish(error));
    request.on("response", (response) => {
      const { statusCode = 0 } = response;
      response
        .on("error", (error) => finish(error))
        .on("end", () => {
          const isTaken = statusCode >= 200 && statusCode < 300;
          finish(isTaken ? undefined : new Error(`the collector answered ${statusCode}`));
        });
      response.resume();
    });
    request.end(body);
  } catch (error) {
    finish(error as Error);
  }
}

function start({ url, agent, timeoutMs, headers }: PostOptions): ClientRequest {
  const { request } =
    url.protocol === "https:"
      ? (require("node:https") as typeof import("node:https"))
      : (require("node:http") as typeof import("node:http"));
  return request(url, { method: "POST", agent, headers, signal: AbortSignal.timeout(timeoutMs) });
}
