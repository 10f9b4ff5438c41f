import type { RequestLike, ResponseLike } from "../targets/shapes.js";

/** How an exchange ended: the one decision that the metrics, the span and the log share. */
export type Outcome = "ok" | "error" | "aborted";

/** What the decision yields. */
export interface Verdict {
  readonly outcome: Outcome;
  /** The status sent; 499 when the client left first, 500 when the server cut its own answer short. */
  readonly status: number;
}

// nginx's "client closed request"; there is no registered code for it.
const CLIENT_CLOSED = 499;

// RFC 9113 section 7; what Node sends when this process destroys a stream with an error.
const HTTP2_INTERNAL_ERROR = 2;

/** Decides once, when the response has closed. */
export function verdictOf(req: RequestLike, res: ResponseLike): Verdict {
  const status = res.statusCode;
  if (isFinished(req, res)) return { outcome: status >= 500 ? "error" : "ok", status };
  if (clientLeft(req, res)) return { outcome: "aborted", status: CLIENT_CLOSED };
  return { outcome: "error", status: Math.max(status, 500) };
}

function isFinished(req: RequestLike, res: ResponseLike): boolean {
  if (req.httpVersion === "2.0" && res.stream?.rstCode !== undefined)
    return res.stream.rstCode === 0 && res.stream.writableFinished === true;
  // A response whose socket failed amid a body given whole calls itself finished: the bytes that waited are dropped.
  if (req.socket?.errored) return false;
  return res.writableFinished === true || closedOnOpenSocket(res);
}

// Fastify's inject() closes a response that was ended before its make-believe socket has taken the last bytes.
function closedOnOpenSocket(res: ResponseLike): boolean {
  return res.writableEnded && res.socket?.destroyed === false;
}

// The socket tells who hung up: a peer's FIN ends its readable side and a reset leaves an error, whereas a destroy()
// by this process (Express does so for an error after the headers) leaves neither.
function clientLeft(req: RequestLike, res: ResponseLike): boolean {
  if (req.httpVersion === "2.0") return res.stream?.rstCode !== HTTP2_INTERNAL_ERROR;
  const socket = req.socket;
  return socket === undefined || socket === null || socket.readableEnded === true || Boolean(socket.errored);
}
