import type { IncomingMessage } from "node:http";

/** A body that was read, or what was wrong with it. */
export interface ReadBody {
  readonly value?: unknown;
  readonly problem?: string;
  /** Status to answer a problem with. */
  readonly status?: number;
}

const MAX_BYTES = 4096;

/**
 * Reads a small JSON body. Only `application/json` is taken: a page of another site can make a browser send anything
 * else. Never rejects.
 */
export async function readJson(req: IncomingMessage): Promise<ReadBody> {
  if (!/^application\/json\s*(?:;|$)/i.test(req.headers["content-type"] ?? ""))
    return { status: 415, problem: "expected the content type application/json" };
  const text = await readText(req);
  if (text === undefined) return { status: 413, problem: `expected at most ${MAX_BYTES} bytes` };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { status: 400, problem: 'expected a JSON body such as {"level":"debug"}' };
  }
}

/** The body as text, what came of it where the client left, or undefined where it is too long. Never rejects. */
function readText(req: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    req.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    req.on("close", () => resolve(Buffer.concat(chunks).toString()));
    req.on("end", () => resolve(Buffer.concat(chunks).toString()));
    req.on("error", () => resolve(""));
  });
}
