import type { HookEntry } from "./hooks.js";

/** How hooks are run. */
export interface HookRun {
  readonly reason: string;
  /** Time for all of them together. */
  readonly timeoutMs: number;
  /** Runs the hook's code, within whatever it is observed with. */
  around<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Hears of a hook that failed or took too long; it goes on to run, but is not waited for. */
  failed(name: string, failure: HookFailure): void;
}

/** Why a hook counts as failed. */
export type HookFailure = { readonly error: unknown } | { readonly timeoutMs: number };

/** Runs hooks one after the other, the one registered last first. Never rejects. */
export async function runInReverse(entries: readonly HookEntry[], run: HookRun): Promise<void> {
  const endsAt = performance.now() + run.timeoutMs;
  // Whatever hangs before it, each hook has this much.
  const reserveMs = run.timeoutMs / 2 / entries.length;
  let after = entries.length;
  for (const entry of [...entries].reverse()) {
    after--;
    await runHook(entry, endsAt - performance.now() - after * reserveMs, run);
  }
}

/** Runs hooks side by side. Never rejects. */
export async function runTogether(entries: readonly HookEntry[], run: HookRun): Promise<void> {
  await Promise.all(entries.map((entry) => runHook(entry, run.timeoutMs, run)));
}

async function runHook({ name, hook, timeoutMs }: HookEntry, leftMs: number, run: HookRun): Promise<void> {
  const limitMs = Math.max(1, Math.round(Math.min(timeoutMs, leftMs)));
  const controller = new AbortController();
  const context = { name, signal: controller.signal, reason: run.reason };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HookFailure>((resolve) => {
    // Not unref'd: a hook that waits for nothing the event loop knows would let the process end as if all were well.
    timer = setTimeout(resolve, limitMs, { timeoutMs: limitMs });
  });
  const work = run
    .around(name, async () => void (await hook(context)))
    .catch((error: unknown) => ({ error }));
  const failure = await Promise.race([work, late]);
  clearTimeout(timer);
  if (failure === undefined) return;
  controller.abort(new Error(`shutdown hook ${name}: its time is up`));
  run.failed(name, failure);
}
