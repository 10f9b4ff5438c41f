import http, { type Agent, type ClientRequest, type IncomingMessage } from "node:http";
import type { ObservedCalls } from "./outgoing.js";

/** Node 20 tells of a request only once it has a socket; what is before that, an agent has to tell. */
const TELLS_OF_CREATION = Number(process.versions.node.split(".")[0]) >= 22;

/** Sees to it that requests are told of from their creation on every Node. */
export function tellOfCreation({ obs }: ObservedCalls, agent: Agent = http.globalAgent): void {
  if (!TELLS_OF_CREATION) obs.instrument(agent);
}

/** The body of a response. */
export const body = (response: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = "";
    response
      .on("data", (chunk) => (text += chunk))
      .on("end", () => resolve(text))
      .on("error", reject);
  });
/** The response to a request; rejects with its error. */
export const answer = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => void request.on("response", resolve).on("error", reject));
/** The error of a request that is to fail. */
export const failure = (request: ClientRequest): Promise<NodeJS.ErrnoException> =>
  new Promise((resolve) => void request.on("error", resolve));
