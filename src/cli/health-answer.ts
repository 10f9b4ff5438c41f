import * as http from "node:http";
import * as https from "node:https";

/** What a health endpoint answered, or why there is no answer. */
export type HealthAnswer = { readonly status: number; readonly body: string } | { readonly failure: string };

// A body is read for its reason alone; the endpoints promise less than 10 KB.
const MAX_BODY = 64 * 1024;

/** Asks once, over a connection of its own. Never rejects. */
export function askHealth(url: URL, timeoutMs: number): Promise<HealthAnswer> {
  return new Promise((resolve) => {
    const { request } = url.protocol === "https:" ? https : http;
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: unknown): void => {
      resolve({ failure: signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error) });
    };
    // Identity alone: the body is read as text.
    const headers = { accept: "application/json", "accept-encoding": "identity" };
    request(url, { agent: false, signal, headers }, (res) => {
      readBody(res).then((body) => resolve({ status: res.statusCode ?? 0, body }), fail);
    })
      .on("error", fail)
      .end();
  });
}

async function readBody(res: http.IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of res.setEncoding("utf8")) {
    body += chunk;
    if (body.length > MAX_BODY) break;
  }
  return body;
}

// Where a name has several addresses, the error that sums them up has no message of its own.
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}
