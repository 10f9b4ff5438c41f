import { describe, test } from "vitest";
import { fastify as collector } from "../../src/collectors/http/fastify.js";
import { FASTIFIES } from "../support/fastify.js";
import { contractOf } from "./subjects.js";

describe.each(FASTIFIES)("the collector of %s keeps the contract: it", (_, fastify) => {
  const fixture = {
    open() {
      const app = fastify();
      app.get("/users/:id", () => "one");
      return {
        target: app,
        touched: [app.server],
        mustAttachFirst: true,
        exercise: () => app.inject("/users/1"),
        close: () => app.close(),
      };
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, run);
});
