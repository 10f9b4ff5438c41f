import { refusal } from "./checks/settings.js";
import type { HealthCore } from "./core.js";
import type { Health } from "./face.js";
import { presentCheck } from "./present.js";
import { toStatus } from "./status.js";

/** The parts of the API that ask. */
export function createInquiries({
  checks,
  evaluator,
  clock,
}: HealthCore): Pick<Health, "getHealthStatus" | "checkComponentHealth"> {
  return {
    getHealthStatus: ({ group = "health", level = "data" } = {}) =>
      toStatus(evaluator.evaluate(group), level, clock),
    async checkComponentHealth(name, { signal } = {}) {
      if (!checks.has(name))
        throw refusal(
          name,
          "no check of this name",
          [...checks.views().keys()].join(", ") || "one that is registered",
        );
      await unlessAborted(checks.run(name), signal);
      const view = checks.views().get(name);
      return view === undefined ? { status: "unknown" } : presentCheck(view, "full", clock);
    },
  };
}

// By hand: AbortSignal.any() holds on to long-lived signals (nodejs/node#54614).
async function unlessAborted(run: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return run;
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([run, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
