import { createServer } from "node:http";
import { describe, test } from "vitest";
import { express as collector, type ExpressApp } from "../../src/collectors/http/express.js";
import { EXPRESSES } from "../support/express.js";
import { contractOf, fetchOnce, listening } from "./subjects.js";

describe.each(EXPRESSES)("the collector of %s keeps the contract: it", (_, express) => {
  const fixture = {
    async open() {
      const app = express();
      app.get("/users/:id", (_req, res) => void res.send("one"));
      const { url, close } = await listening(createServer(app));
      return {
        target: app as unknown as ExpressApp,
        touched: [app.request, app.response],
        exercise: () => fetchOnce(`${url}/users/1`),
        close,
      };
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});
