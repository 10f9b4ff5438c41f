import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { follow } from "../../src/tracing/follow.js";

const place = new AsyncLocalStorage<string>();

/** Follows work and writes down how it went. */
function followed<R>(work: () => R) {
  const heard: unknown[] = [];
  const run = (): R =>
    follow(work, {
      run: (part) => place.run("inside", part),
      ended: () => heard.push("ended"),
      failed: (error) => heard.push(error),
    });
  return { run, heard };
}

const broken = new Error("broken");

describe("sync work", () => {
  it("runs inside and ends with what it returns", () => {
    const { run, heard } = followed(() => place.getStore());
    expect([run(), heard]).toEqual(["inside", ["ended"]]);
  });

  it("that throws fails, and throws the same thing", () => {
    for (const thrown of [broken, "text", undefined, null]) {
      const { run, heard } = followed(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- hosts throw anything
        throw thrown;
      });
      let caught: unknown = "nothing";
      try {
        run();
      } catch (error) {
        caught = error;
      }
      expect([caught, heard]).toEqual([thrown, [thrown]]);
    }
  });

  it.each([
    ["an array", [1]],
    ["the iterator of a Map", new Map([[1, 2]]).entries()],
    ["a function", () => 1],
    ["null", null],
    ["nothing", undefined],
  ])("that returns %s has ended, and the value is the same one", (_what, value) => {
    const { run, heard } = followed(() => value);
    expect(run()).toBe(value);
    expect(heard).toEqual(["ended"]);
  });
});

describe("a promise", () => {
  it("ends when it is fulfilled, and all before is inside", async () => {
    const { run, heard } = followed(async () => {
      await sleep(1);
      return place.getStore();
    });
    const result = run();
    expect(heard).toEqual([]);
    expect([await result, heard]).toEqual(["inside", ["ended"]]);
  });

  it("fails when it is rejected, with the same error", async () => {
    const { run, heard } = followed(async () => {
      await sleep(1);
      throw broken;
    });
    await expect(run()).rejects.toBe(broken);
    expect(heard).toEqual([broken]);
  });

  it("that nobody handles is still unhandled", async () => {
    const unhandled: unknown[] = [];
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => unhandled.push(error));
    try {
      void followed(() => Promise.reject(broken)).run();
      await expect.poll(() => unhandled, { timeout: 5000 }).toEqual([broken]);
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
  });

  it("of another library is begun once, by the caller's `then` or ours", async () => {
    let begun = 0;
    const query: PromiseLike<number> = {
      // biome-ignore lint/suspicious/noThenProperty: what query builders have
      then: (...args) => {
        begun++;
        return Promise.resolve(7).then(...args);
      },
    };
    const { run, heard } = followed(() => query);
    expect([await run(), begun, heard]).toEqual([7, 1, ["ended"]]);
  });
});

describe("a generator", () => {
  function* work(): Generator<unknown, string, unknown> {
    try {
      const got: unknown = yield place.getStore();
      yield [got, place.getStore()];
      return "result";
    } finally {
      place.getStore();
    }
  }

  it("runs inside at every step, ends with its last, and passes values both ways", () => {
    const { run, heard } = followed(work);
    const generator = run();
    expect(generator.next()).toEqual({ done: false, value: "inside" });
    expect(generator.next("sent")).toEqual({ done: false, value: ["sent", "inside"] });
    expect(heard).toEqual([]);
    expect(generator.next()).toEqual({ done: true, value: "result" });
    expect(heard).toEqual(["ended"]);
    expect(place.getStore()).toBeUndefined();
  });

  it("ends when a loop over it is left", () => {
    const { run, heard } = followed(work);
    for (const value of run()) {
      expect([value, heard]).toEqual(["inside", []]);
      break;
    }
    expect(heard).toEqual(["ended"]);
  });

  it("ends when it is returned from before it began, and with spread and delegation", () => {
    const first = followed(work);
    expect(first.run().return("early")).toEqual({ done: true, value: "early" });
    const second = followed(work);
    expect([...second.run()]).toHaveLength(2);
    const third = followed(work);
    function* outer(): Generator<unknown, string> {
      return yield* third.run();
    }
    expect([...outer()]).toHaveLength(2);
    expect([first.heard, second.heard, third.heard]).toEqual([["ended"], ["ended"], ["ended"]]);
  });

  it("goes on where its `finally` yields, and then ends", () => {
    const { run, heard } = followed(function* () {
      try {
        yield 1;
      } finally {
        yield 2;
      }
    });
    const generator = run();
    generator.next();
    expect([generator.return(0 as never), heard]).toEqual([{ done: false, value: 2 }, []]);
    expect(generator.next().done).toBe(true);
    expect(heard).toEqual(["ended"]);
  });

  it("fails with what it throws, or with what is thrown into it and not caught", () => {
    const own = followed(function* () {
      yield 1;
      throw broken;
    });
    expect(() => [...own.run()]).toThrow(broken);
    const into = followed(work);
    const generator = into.run();
    generator.next();
    expect(() => generator.throw(broken)).toThrow(broken);
    expect([own.heard, into.heard]).toEqual([[broken], [broken]]);
  });

  it("stays a generator", () => {
    const generator = followed(work).run();
    expect(Object.prototype.toString.call(generator)).toBe("[object Generator]");
    expect(generator[Symbol.iterator]()).toBe(generator);
    expect(generator).toBeInstanceOf(work);
  });
});

describe("an async generator", () => {
  async function* work(): AsyncGenerator<unknown> {
    await sleep(1);
    yield place.getStore();
    await sleep(1);
    yield place.getStore();
  }

  it("runs inside between its steps, and ends with its last", async () => {
    const { run, heard } = followed(work);
    const seen: unknown[] = [];
    for await (const value of run()) seen.push(value, ...heard);
    expect([seen, heard]).toEqual([["inside", "inside"], ["ended"]]);
  });

  it("ends when a loop over it is left, by break or by a throw", async () => {
    const left = followed(work);
    for await (const _value of left.run()) break;
    const thrown = followed(work);
    const loop = async (): Promise<void> => {
      for await (const _value of thrown.run()) throw broken;
    };
    await expect(loop()).rejects.toBe(broken);
    expect([left.heard, thrown.heard]).toEqual([["ended"], ["ended"]]);
  });

  it("fails with what it throws", async () => {
    const { run, heard } = followed(async function* () {
      yield 1;
      throw broken;
    });
    const loop = async (): Promise<void> => {
      for await (const value of run()) expect(value).toBe(1);
    };
    await expect(loop()).rejects.toBe(broken);
    expect(heard).toEqual([broken]);
  });
});
