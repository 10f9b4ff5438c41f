import { get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";

/** Bounds of a question. */
export interface Bounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a JSON document; rejects on another status than 200 and beyond the bounds. Of node:http, not by fetch: its socket
 * can be let go of, so that a server that does not answer does not hold the process.
 */
export function readJson(url: string, { timeoutMs, maxBytes, signal }: Bounds): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith("https:") ? httpsGet : httpGet;
    const request = get(url, { agent: false, signal }, (response) => {
      readAll(response, maxBytes)
        .then((text) => resolve(JSON.parse(text)))
        .catch(fail);
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer in ${timeoutMs} ms`)),
      timeoutMs,
    ).unref();
    function fail(error: unknown): void {
      request.destroy();
      reject(error);
    }
    request.on("socket", (socket) => socket.unref());
    request.on("error", fail);
    request.on("close", () => clearTimeout(timer));
  });
}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<string> {
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
