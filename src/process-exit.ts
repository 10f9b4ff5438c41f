const EXIT_RUNS = Symbol.for("telltale.exit.1");

/**
 * Runs `run` when the process or worker exits, whatever ends it short of a signal; answers how to undo it.
 * One listener serves all instances and copies of the package: a listener each would trip Node's leak warning.
 */
export function onProcessExit(run: () => void): () => void {
  const runs = exitRuns();
  runs.add(run);
  return () => {
    runs.delete(run);
  };
}

function exitRuns(): Set<() => void> {
  const found: unknown = Reflect.get(process, EXIT_RUNS);
  if (found instanceof Set) return found;
  const runs = new Set<() => void>();
  Object.defineProperty(process, EXIT_RUNS, { value: runs });
  process.on("exit", () => {
    for (const run of runs) run();
  });
  return runs;
}
