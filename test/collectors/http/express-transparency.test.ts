import type { Express, NextFunction, Request, Response } from "express";
import { describe, expect, test } from "vitest";
import { EXPRESSES, type ExpressModule, listenExpress, serveExpress } from "../../support/express.js";
import { observe } from "../../support/service.js";

/** What a handler sees of where it stands. */
function place(req: Request): Record<string, unknown> {
  const { baseUrl, url, originalUrl, path, params, method } = req;
  return { baseUrl, url, originalUrl, path, params, method, mountpath: req.app.mountpath };
}

const tell = (req: Request, res: Response): void => void res.json(place(req));

/** Every way of nesting, each handler telling where it stands, before and after it waited. */
function nest(express: ExpressModule, app: Express): void {
  const leaf = express.Router({ mergeParams: true });
  leaf.get("/leaf/:id", tell);
  leaf.get("/late/:id", (req, res) => setTimeout(() => tell(req, res), 5));
  leaf.get("/thrown", () => {
    throw new Error("thrown");
  });
  const mounted = express();
  mounted.use("/in/:m", leaf);
  mounted.get("/leaf", tell);
  const routed = express();
  routed.use("/in/:r", leaf);
  routed.get("/leaf", tell);
  const called = express();
  called.use("/in/:c", leaf);
  called.get("/leaf", tell);
  const router = express.Router();
  router.use("/routed/:x", routed);
  router.use("/called", (req: Request, res: Response, next: NextFunction) => called(req, res, next));
  router.use("/leaf/:y", leaf);
  router.get("/after", tell);
  app.use("/mounted/:a", mounted);
  app.use("/router", router);
  app.use("/fall", leaf);
  app.use(tell);
  app.use((_error: Error, req: Request, res: Response, _next: NextFunction) => void tell(req, res));
}

const PATHS = [
  ...["/mounted/1", "/router/routed/1", "/router/called", "/router/leaf/1", "/fall"].flatMap((mount) =>
    ["/leaf", "/leaf/7", "/late/7", "/in/8/leaf/9", "/in/8/late/9", "/in/8/thrown", "/thrown"].map(
      (path) => mount + path,
    ),
  ),
  "/router/after",
  "/nothing?a=b",
];

describe.each(EXPRESSES)("a handler of %s", (_, express) => {
  test.each(["obs.express()", "obs.instrument(app)"])(
    "sees the same places with %s as without",
    async (how) => {
      const bare = express();
      nest(express, bare);
      const without = await listenExpress(bare, observe());

      const observed = observe();
      const app = express();
      if (how === "obs.express()") app.use(observed.obs.express());
      else observed.obs.instrument(app);
      nest(express, app);
      const withUs = await listenExpress(app, observed);

      for (const path of PATHS) {
        const [expected, seen] = [await without.ask(path), await withUs.ask(path)];
        expect([path, seen.status, seen.text]).toEqual([path, expected.status, expected.text]);
      }
      expect(await withUs.settled(PATHS.length)).toBeTypeOf("object");
    },
  );

  test("is answered by node as without: return values, callbacks and every error thrown", async () => {
    const told: unknown[][] = [];
    const declare = (app: Express): void => {
      app.get("/", (_req, res) => {
        const seen: unknown[] = [];
        const attempt = (run: () => unknown): void => {
          try {
            const result = run();
            seen.push(result === res ? "res" : result);
          } catch (error) {
            seen.push((error as { code?: string }).code);
          }
        };
        res.on("error", (error: { code?: string }) => seen.push(`event ${error.code}`));
        attempt(() => res.writeHead(9999));
        attempt(() => res.writeHead(200, { "bad name": "x" }));
        attempt(() => res.write(null as never));
        attempt(() => res.write(1 as never));
        attempt(() => res.writeHead(200, "Fine", { "x-own": "1" }));
        attempt(() => res.writeHead(200));
        attempt(() => res.setHeader("late", "1"));
        attempt(() => res.write("a", "utf8", () => seen.push("written")));
        attempt(() => res.write(""));
        attempt(() => res.end("b", () => seen.push("ended")));
        attempt(() => res.end("c"));
        attempt(() => res.write("d"));
        res.on("close", () => told.push(seen));
      });
    };
    const bare = express();
    declare(bare);
    const without = await listenExpress(bare, observe());
    const withUs = await serveExpress(express, declare);
    const [expected, answer] = [await without.ask("/"), await withUs.ask("/")];
    expect([answer.status, answer.text, answer.headers["x-own"]]).toEqual([200, expected.text, "1"]);
    await expect.poll(() => told.length).toBe(2);
    expect(told[1]).toEqual(told[0]);
    expect(told[0]).toContain("ERR_HTTP_HEADERS_SENT");
    expect(told[0]).toContain("ended");
  });

  test("sees the same place after the observability was closed while it waited", async () => {
    const observed = observe();
    let answer = (): void => undefined;
    const service = await serveExpress(
      express,
      (app) => {
        const router = express.Router();
        router.get("/wait", (req, res) => {
          answer = () => tell(req, res);
        });
        app.use("/mounted", router);
      },
      observed,
    );
    const pending = service.ask("/mounted/wait");
    await expect.poll(() => answer.length === 0 && answer.toString().includes("tell")).toBe(true);
    await observed.obs.close();
    answer();
    expect(JSON.parse((await pending).text)).toMatchObject({ baseUrl: "/mounted", url: "/wait" });
  });
});
