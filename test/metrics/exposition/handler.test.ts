import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Writable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import {
  createMetricsHandler,
  type ExpositionSource,
  type MetricsHandlerOptions,
} from "../../../src/metrics/exposition/handler.js";
import { createScrapeSlots } from "../../../src/metrics/exposition/scrape-slots.js";

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

const PAGE = "# HELP a_total A.\n# TYPE a_total counter\na_total 1\n";

function source(parts: Partial<ExpositionSource> = {}): ExpositionSource {
  return {
    format: "text",
    pipeTo: async (writable: Writable) => void writable.end(PAGE),
    onServe: () => undefined,
    onFault: () => undefined,
    takeSlot: createScrapeSlots(),
    onScrape: () => undefined,
    ...parts,
  };
}

async function serve(from: ExpositionSource, options?: MetricsHandlerOptions) {
  const handler = createMetricsHandler(from, options);
  const server = createServer((req, res) => void handler(req, res)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return (headers: Record<string, string> = {}, method = "GET"): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, method, headers }, (res) => {
        res.toArray().then((chunks: Buffer[]) => {
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) });
        }, reject);
      });
      sent.on("error", reject).end();
    });
}

test("answers with the exposition, its type, and nothing for caches to keep", async () => {
  const ask = await serve(source());
  const { status, headers, body } = await ask();
  expect([status, String(body)]).toEqual([200, PAGE]);
  expect(headers).toMatchObject({
    "content-type": "text/plain; version=0.0.4; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    vary: "Accept, Accept-Encoding",
  });
  expect(headers["content-encoding"]).toBeUndefined();
});

test.each(["gzip", "deflate, GZIP;q=0.5", "gzip;q=1.0, *;q=0"])(
  "is zipped for accept-encoding: %s",
  async (accepted) => {
    const { headers, body } = await (await serve(source()))({ "accept-encoding": accepted });
    expect(headers["content-encoding"]).toBe("gzip");
    expect(String(gunzipSync(body))).toBe(PAGE);
  },
);

test.each(["identity", "gzip;q=0", "gzip; q=0.000, deflate", "xgzip", ""])(
  "is plain for accept-encoding: %s",
  async (accepted) => {
    const { headers, body } = await (await serve(source()))({ "accept-encoding": accepted });
    expect(headers["content-encoding"]).toBeUndefined();
    expect(String(body)).toBe(PAGE);
  },
);

test("answers HEAD without making the exposition, and other methods with 405", async () => {
  let made = 0;
  const ask = await serve(
    source({
      pipeTo: async (writable) => {
        made++;
        writable.end(PAGE);
      },
    }),
  );
  expect(await ask({}, "HEAD")).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  const { status, headers } = await ask({}, "POST");
  expect([status, headers["allow"], made]).toEqual([405, "GET, HEAD", 0]);
});

test("is not made for those whom `authorize` refuses, throws for or rejects", async () => {
  let made = 0;
  const from = source({
    pipeTo: async (writable) => {
      made++;
      writable.end(PAGE);
    },
  });
  const answers: Record<string, () => boolean | Promise<boolean>> = {
    yes: () => true,
    later: async () => true,
    no: () => false,
    odd: () => "yes" as unknown as boolean,
    throws: () => {
      throw new Error("no");
    },
    rejects: () => Promise.reject(new Error("no")),
  };
  const ask = await serve(from, { authorize: (req) => answers[String(req.headers["x-who"])]?.() ?? false });
  const statuses: [string, number][] = [];
  for (const who of Object.keys(answers)) statuses.push([who, (await ask({ "x-who": who })).status]);
  expect(statuses).toEqual([
    ["yes", 200],
    ["later", 200],
    ["no", 401],
    ["odd", 401],
    ["throws", 401],
    ["rejects", 401],
  ]);
  expect(made).toBe(2);
});

test("cuts an exposition that fails midway, so that nobody takes it for whole, and tells of it", async () => {
  const faults: unknown[] = [];
  const boom = new Error("boom");
  const ask = await serve(
    source({
      pipeTo: async (writable) => {
        writable.write("# HELP");
        throw boom;
      },
      onFault: (error) => faults.push(error),
    }),
  );
  await expect(ask()).rejects.toThrow();
  expect(faults).toEqual([boom]);
});

test("is told of each request before it is answered", async () => {
  const served: (string | undefined)[] = [];
  const ask = await serve(source({ onServe: (req) => served.push((req as IncomingMessage).method) }));
  await ask();
  await ask({}, "HEAD");
  expect(served).toEqual(["GET", "HEAD"]);
});

test.each([
  ["text/plain", "text/plain; version=0.0.4; charset=utf-8"],
  [
    "application/openmetrics-text; version=1.0.0",
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  ],
])("answers %s in that format, plain and zipped", async (accept, type) => {
  const format = type.startsWith("text") ? "text" : "openmetrics";
  const pipeTo: ExpositionSource["pipeTo"] = async (writable, options) => void writable.end(options.format);
  const ask = await serve(source({ pipeTo }));
  const [plain, zipped] = [await ask({ accept }), await ask({ accept, "accept-encoding": "gzip" })];
  expect([plain, zipped].map(({ headers }) => headers["content-type"])).toEqual([type, type]);
  expect([plain.body, gunzipSync(zipped.body)].map(String)).toEqual([format, format]);
});

test("answers whoever asks for nothing in the format that the registry was switched to", async () => {
  const { headers } = await (await serve(source({ format: "openmetrics" })))();
  expect(headers["content-type"]).toMatch("application/openmetrics-text");
});
