import { EventEmitter } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Collector, Detach, Scope } from "../../src/index.js";
import { type ContractFixture, contractOf } from "../../src/testing/index.js";

type Toy = Collector<EventEmitter, object, "http">;

/** Counts the works of an emitter, as it should. */
const toy: Toy = {
  name: "toy",
  domain: "http",
  supports: "*",
  families: [{ name: "toy_works_total", type: "counter", help: "Works." }],
  matches: (value): value is EventEmitter => isWorker(value),
  attach(target, scope) {
    const works = counterOf(scope);
    const count = (): void => works.inc();
    target.on("work", count);
    return () => void target.off("work", count);
  },
};

class Worker extends EventEmitter {
  work(): void {
    this.emit("work");
  }
}

function isWorker(value: unknown): value is Worker {
  try {
    return value instanceof Worker;
  } catch {
    return false;
  }
}

const isNothing = (_value: unknown): _value is EventEmitter => false;

const fixture: ContractFixture<EventEmitter> = {
  open() {
    const target = new Worker();
    return { target, exercise: () => target.work() };
  },
};

const counterOf = (scope: Pick<Scope, "declare">) =>
  scope.declare.counter({ name: "toy_works_total", help: "Works." });

const IN_FLIGHT = "records what its target does, and nothing stays in flight";
const HANDLES = "leaves no handle behind when the observability closes";

/** The claims that a collector breaks, of all or of one. */
async function broken(collector: Toy, only?: string): Promise<string[]> {
  const names: string[] = [];
  const checks = contractOf(collector, fixture).filter(({ name }) => only === undefined || name === only);
  for (const { name, run } of checks) await run().catch(() => names.push(name));
  return names;
}

/** The toy with another way to attach. */
function withAttach(
  change: (target: Worker, scope: Parameters<Toy["attach"]>[1], detach: Detach) => Detach,
): Toy {
  return {
    ...toy,
    attach: (target, scope, options) => change(target as Worker, scope, toy.attach(target, scope, options)),
  };
}

describe("the contract", () => {
  test("is kept by a collector that does everything right", async () => {
    expect(await broken(toy)).toEqual([]);
  });

  test("says what it claims, one name for each check", () => {
    const names = contractOf(toy, fixture).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(12);
  });

  test("rejects with an AssertionError, which every runner can show", async () => {
    const [first] = contractOf({ ...toy, matches: (_value): _value is EventEmitter => true }, fixture).slice(
      1,
    );
    await expect(first?.run()).rejects.toMatchObject({ name: "AssertionError" });
  });

  test("closes the subject, whether the check held or not", async () => {
    let closed = 0;
    const counting: typeof fixture = {
      open() {
        const target = new Worker();
        return { target, exercise: () => target.work(), close: () => closed++ };
      },
    };
    const checks = [...contractOf(toy, counting), ...contractOf({ ...toy, matches: isNothing }, counting)];
    for (const { run } of checks) await run().catch(() => undefined);
    expect(closed).toBe(checks.length);
  });
});

describe("the contract is broken by a collector that", () => {
  test("does not recognise its target", async () => {
    const blind = { ...toy, matches: isNothing };
    expect(await broken(blind)).toContain("matches() is true for its target");
  });

  test("throws at a value that it does not know", async () => {
    const rash = { ...toy, matches: (value: unknown): value is EventEmitter => "work" in (value as Worker) };
    expect(await broken(rash)).toEqual(["matches() is false for anything else, and never throws"]);
  });

  test("goes on recording when it is detached", async () => {
    const names = await broken(withAttach(() => () => undefined));
    expect(names).toEqual(
      expect.arrayContaining([
        "attached twice it records once",
        "records nothing once it is detached",
        "detached from one observability it records for another still",
        "detach() leaves as many listeners as before",
      ]),
    );
  });

  test("counts for one observability what it heard through another", async () => {
    const shared: { inc(): void }[] = [];
    const names = await broken({
      ...toy,
      attach(target, scope) {
        shared.push(counterOf(scope));
        const heard = [...shared];
        const count = (): void => {
          for (const works of heard) works.inc();
        };
        target.on("work", count);
        return () => void target.off("work", count);
      },
    });
    expect(names).toContain("attached twice it records once");
  });

  test("leaves a method of its own on its target", async () => {
    const names = await broken({
      ...toy,
      attach(target, scope) {
        const works = counterOf(scope);
        const { work } = target as Worker;
        (target as Worker).work = () => works.inc();
        return () => {
          (target as Worker).work = work;
        };
      },
    });
    expect(names).toContain("detach() restores the own properties of its target");
    expect(names).toContain("detach() restores the own methods of a target that has worked");
  });

  test("takes the target's prototype away", async () => {
    const names = await broken(
      withAttach((target, _scope, detach) => {
        Object.setPrototypeOf(target, EventEmitter.prototype);
        return detach;
      }),
    );
    expect(names).toContain("its target stays an instance of what it was");
  });

  test("exports what it has not declared", async () => {
    const { families: _families, ...silent } = toy;
    expect(await broken(silent)).toContain(IN_FLIGHT);
    const listed = [
      ...(toy.families ?? []),
      { name: "toy_naps_total", type: "counter", help: "Naps." } as const,
    ];
    expect(await broken({ ...toy, families: listed })).toEqual(["declares the families that it lists"]);
  });

  test("leaves a gauge in flight", async () => {
    const families = [
      ...(toy.families ?? []),
      { name: "toy_in_flight", type: "gauge", help: "Now." } as const,
    ];
    const leaky = withAttach((target, scope, detach) => {
      const gauge = scope.declare.gauge({ name: "toy_in_flight", help: "Now." });
      target.on("work", () => gauge.inc());
      return detach;
    });
    expect(await broken({ ...leaky, families }, IN_FLIGHT)).toEqual([IN_FLIGHT]);
  });

  test("leaves a handle behind", async () => {
    const restless = withAttach((_target, _scope, detach) => {
      const timer = setInterval(() => undefined, 1000);
      onTestFinished(() => clearInterval(timer));
      return detach;
    });
    expect(await broken(restless, HANDLES)).toEqual([HANDLES]);
  });
});
