import { type ClientHttp2Session, connect } from "node:http2";
import { onTestFinished } from "vitest";
import { TLS } from "./tls.js";

/** Sends one request over HTTP/2 and reads the answer. */
export function askHttp2(
  session: ClientHttp2Session,
  headers: Record<string, string>,
  body?: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers);
    let text = "";
    stream.on("data", (chunk) => (text += chunk)).on("end", () => resolve(text));
    stream.on("error", reject).end(body);
  });
}

/** Opens a session that lasts as long as the test; that it breaks is no error of the test. */
export function openHttp2(url: string): ClientHttp2Session {
  const session = connect(url, { ca: TLS.cert });
  onTestFinished(() => session.destroy());
  session.on("error", () => undefined);
  return session;
}
