import { describe, expect, it } from "vitest";
import { createHouse } from "./fakes.js";

interface User {
  id: number;
}

describe("a child", () => {
  it("has its bindings cleaned, and those it is given later", () => {
    const { logger, last } = createHouse();
    const child = logger.child({ password: "p", req: { headers: { cookie: "c" } } });
    child.info("x");
    expect(last()).toMatchObject({ password: "[redacted]", req: { headers: { cookie: "[redacted]" } } });
    child.setBindings({ token: "t" });
    child.child({ secret: "s" }).info("x");
    expect(last()).toMatchObject({ token: "[redacted]", secret: "[redacted]" });
  });

  it("obeys the serializers of the host, with their answers cleaned, and so do its children", () => {
    const { logger, last } = createHouse();
    const child = logger.child({}, { serializers: { user: ({ id }: User) => ({ id, token: "t" }) } });
    child.info({ user: { id: 7 } satisfies User });
    expect(last()["user"]).toEqual({ id: 7, token: "[redacted]" });
    child.child({ user: { id: 8 } }).info("bound");
    expect(last()["user"]).toEqual({ id: 8, token: "[redacted]" });
    logger.info({ user: { id: 9 } });
    expect(last()["user"]).toEqual({ id: 9 });
  });

  it("gives the host's serializer the object itself, also for err and for a request given first", () => {
    const { logger, last } = createHouse();
    const child = logger.child(
      {},
      { serializers: { err: (error: unknown) => (error instanceof RangeError ? "range" : "copy") } },
    );
    child.error(new RangeError("x"));
    expect(last()["err"]).toBe("range");
  });

  it("says that a serializer has thrown", () => {
    const { logger, last, notes } = createHouse();
    logger
      .child(
        {},
        {
          serializers: {
            user: () => {
              throw new Error("no");
            },
          },
        },
      )
      .info({ user: 1 }, "text");
    expect(last()).toMatchObject({ user: "[throws]", msg: "text" });
    expect(notes).toEqual([]);
  });

  it("takes a level, a prefix and missing bindings as pino does", () => {
    const { logger, last, lines } = createHouse();
    const child = logger.child({ a: 1 }, { level: "error", msgPrefix: "[db] " });
    child.info("no");
    expect(lines).toEqual([]);
    child.error("yes");
    expect(last()).toMatchObject({ a: 1, msg: "[db] yes" });
    expect(() => logger.child(undefined as never).info("x")).not.toThrow();
  });
});
