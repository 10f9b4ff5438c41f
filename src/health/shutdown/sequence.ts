import { setTimeout } from "node:timers/promises";
import { type HookRun, runInReverse, runTogether } from "./hooks/run-hooks.js";
import type { Progress, SequenceParts } from "./parts.js";
import { closeServers, waitForEnd } from "./servers/close-servers.js";
import { closeAfterResponses } from "./servers/last-responses.js";
import { listOpen } from "./servers/open-requests.js";
import type { Phase } from "./telemetry.js";

// A service with many streams must not fill the log.
const MAX_NAMED = 20;

/** Ends the service, phase by phase. `drainDelayMs` is 0 where nobody balances load. Never rejects. */
export async function runSequence(
  parts: SequenceParts,
  progress: Progress,
  drainDelayMs: number,
): Promise<void> {
  const { settings, steps, telemetry, log } = parts;
  const phase = (name: Phase, work: () => Promise<void>): Promise<void> => {
    progress.phase = name;
    return telemetry.phase(name, () =>
      work().catch((error: unknown) => fail(parts, progress, { name, error })),
    );
  };

  const lastResponses = closeAfterResponses(parts.servers);
  const drained = runTogether(
    parts.drainHooks.list(),
    hookRun(parts, progress, drainDelayMs + settings.requestTimeoutMs),
  );
  await phase("drain", async () => void (drainDelayMs > 0 && (await setTimeout(drainDelayMs))));
  await phase("requests", () => endRequests(parts, progress, drained));
  lastResponses();
  steps.stopChecks();
  const cleanups = [...parts.shutdownHooks.list(), ...parts.frameworkHooks.list()];
  await phase("hooks", () => runInReverse(cleanups, hookRun(parts, progress, settings.hooksTimeoutMs)));
  telemetry.end(progress.failures);
  log.info(
    {
      event: "shutdown_complete",
      reason: progress.reason,
      failures: progress.failures,
      phase_seconds: telemetry.seconds,
    },
    "shutdown complete",
  );
  await phase("flush", () => atMost(steps.flush(), settings.flushTimeoutMs));
  await phase("close", steps.close);
}

async function endRequests(parts: SequenceParts, progress: Progress, drained: Promise<void>): Promise<void> {
  const { servers, find, log, settings } = parts;
  const closing = closeServers(servers.all(), find, (error) =>
    log.warn({ event: "shutdown_server_failed", err: error }, "a server could not be closed"),
  );
  const goodbyes = runTogether(
    parts.upgradeHooks.list(),
    hookRun(parts, progress, settings.upgradeTimeoutMs),
  );
  const isEmpty = await waitForEnd(closing, {
    work: Promise.all([drained, goodbyes]),
    timeoutMs: settings.requestTimeoutMs,
    openEndedMs: settings.upgradeTimeoutMs,
  });
  if (isEmpty) return;
  const open = listOpen(servers, find);
  progress.cutRequests = open.length;
  closing.cutAll();
  log.warn(
    { event: "shutdown_cut", count: open.length, requests: open.slice(0, MAX_NAMED) },
    `shutdown: connections still open after ${settings.requestTimeoutMs} ms are cut`,
  );
}

function hookRun(parts: SequenceParts, progress: Progress, timeoutMs: number): HookRun {
  const { telemetry, log } = parts;
  return {
    reason: progress.reason,
    timeoutMs,
    async around(name, work) {
      progress.hooks.add(name);
      try {
        return await telemetry.hook(name, work);
      } finally {
        progress.hooks.delete(name);
      }
    },
    failed(name, failure) {
      progress.failures.push(name);
      if ("error" in failure)
        log.error(
          { event: "shutdown_hook_failed", hook: name, err: failure.error },
          "a shutdown hook failed",
        );
      else
        log.error(
          { event: "shutdown_hook_timeout", hook: name, timeout_ms: failure.timeoutMs },
          "a shutdown hook took too long",
        );
    },
  };
}

function fail(
  { log }: SequenceParts,
  { failures }: Progress,
  { name, error }: { name: string; error: unknown },
): void {
  failures.push(name);
  log.error({ event: "shutdown_failed", phase: name, err: error }, "a phase of the shutdown failed");
}

async function atMost(work: Promise<void>, limitMs: number): Promise<void> {
  const late = new AbortController();
  await Promise.race([work, setTimeout(limitMs, undefined, late).catch(() => undefined)]);
  late.abort();
}
