import type { RegisteredMetric } from "../exposition/print-metric.js";
import type { Declaration } from "../families/declaration.js";
import { createMisuse, type ReportMisuse } from "../families/misuse.js";
import type { FamilySamples } from "../families/samples.js";
import { createFamilyTeller, type FamilyTeller } from "./journal-family.js";
import { readForeign } from "./journal-foreign.js";
import { type FamilyUpdate, type Journal, UPDATE_VERSION, type Update, type View } from "./types.js";

/** What a journal is made from. */
export interface JournalParts {
  /** The view to tell of, asked for at each update: when another one stands there, everything is told again. */
  readonly view: () => View | Promise<View>;
  /** The view as it is in this turn, for {@link Journal.now}. Default: `view`, or what it gave last where it takes time. */
  readonly viewNow?: (() => View) | undefined;
  /** Told about metrics that cannot be read. */
  readonly report: ReportMisuse;
}

/** What stands in a registry, ours and the others'. */
export interface Contents {
  readonly ours: readonly Declaration[];
  readonly foreign: readonly FamilySamples[];
}

/** What was read last, for an update that can wait for nobody. */
interface Latest {
  readonly view: View;
  readonly foreign: readonly FamilySamples[];
}

/** Makes the journal of a view; its first update tells everything. */
export function createJournal({ view, viewNow, report }: JournalParts): Journal {
  let known: View | undefined;
  let latest: Latest | undefined;
  let tellers = new Map<Declaration, FamilyTeller>();
  let ids = 0;

  function tellerOf(declaration: Declaration): FamilyTeller {
    const teller = tellers.get(declaration) ?? createFamilyTeller(ids++, declaration);
    tellers.set(declaration, teller);
    return teller;
  }

  function forget(declarations: readonly Declaration[]): number[] {
    const kept = new Set(declarations);
    const left = [...tellers].filter(([declaration]) => !kept.has(declaration));
    for (const [declaration] of left) tellers.delete(declaration);
    return left.map(([, { id }]) => id);
  }

  // In one turn, so that no record falls between two families.
  function gather({ ours, foreign }: Contents, isWhole: boolean): Update {
    const gone = forget(ours);
    const families = ours
      .map((declaration) => tellerOf(declaration).next())
      .filter((update): update is FamilyUpdate => update !== undefined);
    return { version: UPDATE_VERSION, isWhole, families, gone, foreign };
  }

  function restart(): void {
    known = undefined;
  }

  function tell(current: View, foreign: readonly FamilySamples[]): Update {
    const isWhole = current !== known;
    if (isWhole) tellers = new Map();
    known = current;
    latest = { view: current, foreign };
    return gather({ ours: sort(current).ours, foreign }, isWhole);
  }

  async function next(): Promise<Update> {
    const current = await view();
    return tell(current, await collectView(current, report));
  }

  function now(): Update {
    const given = (viewNow ?? view)();
    const current = given instanceof Promise ? latest?.view : given;
    if (current !== undefined) return tell(current, latest?.foreign ?? []);
    return { version: UPDATE_VERSION, isWhole: false, families: [], gone: [], foreign: [] };
  }

  return { restart, next, now };
}

/**
 * Runs the collect callbacks of a view and reads its foreign metrics; never rejects. All start at once, so that slow ones
 * wait side by side.
 */
export async function collectView(view: View, report: ReportMisuse): Promise<FamilySamples[]> {
  const { ours, others } = sort(view);
  const [foreign] = await Promise.all([
    Promise.all(others.map((metric) => readForeign(metric, createMisuse(metric.name, report)))),
    ...ours.map((declaration) => declaration.collect()),
  ]);
  return foreign.filter((one) => one !== undefined);
}

function sort({ registry, declarations, beside }: View): {
  ours: Declaration[];
  others: RegisteredMetric[];
} {
  const registered = registry.getMetricsAsArray() as unknown as RegisteredMetric[];
  const metrics = [...registered, ...(beside?.(registered) ?? [])];
  const declared = metrics.map((metric) => declarations.get(metric));
  return {
    ours: declared.filter((one): one is Declaration => one !== undefined && !one.isForeign),
    others: metrics.filter((_, i) => declared[i] === undefined || declared[i].isForeign),
  };
}
