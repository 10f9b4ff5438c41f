import type { Progress, SequenceParts } from "./parts.js";
import { cutOff, endProcess, enterShutdown } from "./process-end.js";
import { runSequence } from "./sequence.js";
import { listOpen } from "./servers/open-requests.js";
import type { ShutdownOutcome, Trigger } from "./types.js";

/** Runs the whole shutdown, up to the end of the process where that is wanted. Never rejects. */
export async function performShutdown(
  parts: SequenceParts,
  progress: Progress,
  { trigger, release }: { trigger: Trigger; release: () => void },
): Promise<ShutdownOutcome> {
  const { settings, steps, servers, find, telemetry, log } = parts;
  const leave = enterShutdown();
  progress.reason = trigger.reason;
  if (trigger.error !== undefined) progress.failures.push(trigger.reason);
  steps.drain(trigger.reason);
  const deadline = armDeadline(parts, progress);
  const sequence = telemetry.begin(trigger.reason, () => {
    const inFlight = listOpen(servers, find).length;
    log.info({ event: "shutdown_started", reason: trigger.reason, in_flight: inFlight }, "shutting down");
    return runSequence(parts, progress, drainDelayOf(trigger, settings.drainDelayMs));
  });
  await Promise.race([sequence, deadline.passed]);
  deadline.clear();
  leave();
  release();
  const outcome = outcomeOf(progress);
  if (settings.exit) endProcess(outcome, trigger, settings.exitWith);
  return outcome;
}

// Ctrl-C comes from a person who waits, and after an exception nobody knows what is still right.
function drainDelayOf({ signal, error }: Trigger, delayMs: number): number {
  return signal === "SIGINT" || error !== undefined ? 0 : delayMs;
}

function outcomeOf({ reason, failures, cutRequests }: Progress): ShutdownOutcome {
  return { reason, exitCode: failures.length === 0 ? 0 : 1, failures: [...failures], cutRequests };
}

function armDeadline(parts: SequenceParts, progress: Progress): { passed: Promise<void>; clear: () => void } {
  const { settings, servers, find, log, steps } = parts;
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      const { phase, hooks } = progress;
      progress.failures.push("hard deadline");
      log.error(
        {
          event: "shutdown_deadline",
          phase,
          hooks: [...hooks],
          requests: listOpen(servers, find).slice(0, 20),
        },
        `shutdown: not done after ${settings.hardDeadlineMs} ms`,
      );
      steps.flushLogs();
      resolve();
      if (settings.exit)
        cutOff(`the shutdown was not done after ${settings.hardDeadlineMs} ms, in ${phase}`, 1);
    }, settings.hardDeadlineMs).unref();
  });
  return { passed, clear: () => clearTimeout(timer) };
}
