import { createServer, type RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { value } from "../../../support/exposition.js";
import { listen, observe } from "../../../support/service.js";

/** A listener in front that lets bodies grow, as a compressor lets them shrink: by methods of the response's own. */
function growing(listener: RequestListener): RequestListener {
  return (req, res) => {
    const { end } = res;
    res.end = ((chunk: unknown) => end.call(res, `${chunk}+`, "utf8")) as typeof end;
    listener(req, res);
  };
}

describe("the taps of single responses", () => {
  test("keep the methods that each response has, whatever the one before it had", async () => {
    const { obs, settled, accessLog } = observe();
    const plain = obs.http((_req, res) => res.end("body"));
    const grown = growing(plain);
    const { url } = await listen(
      createServer((req, res) => (req.url === "/grown" ? grown(req, res) : plain(req, res))),
    );
    const bodies: string[] = [];
    for (const path of ["/", "/grown", "/", "/grown", "/grown"])
      bodies.push(await (await fetch(url + path)).text());
    expect(bodies).toEqual(["body", "body+", "body", "body+", "body+"]);
    await settled(5);
    expect(accessLog().map((line) => line["response_bytes"])).toEqual([4, 4, 4, 4, 4]);
  });

  test("of two services on one response tell both, and each its own", async () => {
    const [inner, outer] = [observe(), observe()];
    const { url } = await listen(
      createServer(outer.obs.http(inner.obs.http((_req, res) => res.end("body")))),
    );
    for (const _ of [1, 2]) expect(await (await fetch(url)).text()).toBe("body");
    for (const { settled, samples } of [inner, outer]) {
      await settled(2);
      expect(value(await samples(), "http_response_size_bytes_sum")).toBe(8);
      expect(value(await samples(), "http_time_to_headers_seconds_count")).toBe(2);
    }
  });

  test("let a response go on sending when its exchange has closed", async () => {
    const { obs, settled } = observe();
    const late: unknown[] = [];
    const { url } = await listen(
      createServer(
        obs.http((_req, res) => {
          res.end("body");
          res.on("close", () => late.push(res.end(), res.writableEnded));
        }),
      ),
    );
    await (await fetch(url)).text();
    await settled(1);
    await expect.poll(() => late).toEqual([expect.anything(), true]);
  });
});
