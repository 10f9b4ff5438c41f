import type { PushAnswer, Verdict } from "./types.js";

const SHOWN_CHARACTERS = 200;
/** Refusals that are about what one request holds; any other would meet the next request as well. */
const ABOUT_THE_BODY: ReadonlySet<number> = new Set([400, 413, 422]);

const NO_RECEIVER: Verdict = {
  kind: "rejected",
  reason: "it answered with a page of HTML, so it is no receiver: check the url",
  next: false,
};

/** What an answer means by its status: 2xx took it, `isRetryable` ones are worth another try, all others are refusals. */
export function judgeStatus(answer: PushAnswer, isRetryable: (status: number) => boolean): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return isPage(answer) ? NO_RECEIVER : { kind: "accepted" };
  const reason = reasonOf(answer);
  if (isRetryable(status)) return { kind: "retry", reason };
  return { kind: "rejected", reason, next: ABOUT_THE_BODY.has(status) };
}

// Whatever serves pages for people at that URL has not taken the metrics.
function isPage({ headers }: PushAnswer): boolean {
  return String(headers["content-type"] ?? "").startsWith("text/html");
}

function reasonOf({ status, headers, body }: PushAnswer): string {
  const { location } = headers;
  if (status >= 300 && status < 400 && location !== undefined)
    return `it answered ${status}, a redirect to ${String(location)}, which is not followed: set that as url`;
  const text = oneLine(body.toString());
  return `it answered ${status}${text === "" ? "" : `: ${text}`}`;
}

/** The beginning of a text that came from outside, fit for one line of a log. */
export function oneLine(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f\ufffd]+/g, " ").trim();
  return clean.length > SHOWN_CHARACTERS ? `${clean.slice(0, SHOWN_CHARACTERS)}…` : clean;
}
