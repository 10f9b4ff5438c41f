import type { Declaration } from "../families/declaration.js";
import { createBudget } from "./budget.js";
import { FamilyText } from "./family-text.js";
import { createIdleRelease, type StartTimer } from "./idle-release.js";
import type { LayOut } from "./layout.js";
import { layOutText } from "./text-layout.js";

/** The texts of a registry's families, kept between scrapes. */
export interface FamilyTexts {
  /** The text of a family in one layout. Default: Prometheus text. */
  of(declaration: Declaration, layOut?: LayOut): FamilyText;
  /** Lets go of the texts of all other families. */
  keepOnly(declarations: ReadonlySet<Declaration>): void;
  /** Lets go of all texts. */
  release(): void;
  /** Changes the labels on every series. */
  relabel(labels: object): void;
  /** The labels on every series. */
  readonly defaultLabels: object;
}

// Longer than any usual scrape interval.
const IDLE_MS = 5 * 60_000;

/** What texts are kept by. */
export interface FamilyTextsOptions {
  /** Bytes kept at most. */
  readonly pagesBytes: number;
  /** Milliseconds, monotonic. Default: `performance.now()`. */
  readonly now?: (() => number) | undefined;
  /** Default: a timer of the event loop that keeps no process alive. */
  readonly startTimer?: StartTimer | undefined;
}

/** Makes the texts of one registry. Five minutes after the last scrape they are let go. */
export function createFamilyTexts(options: FamilyTextsOptions): FamilyTexts {
  const { pagesBytes, now = () => performance.now(), startTimer } = options;
  const budget = createBudget(pagesBytes);
  const idle = createIdleRelease({
    now,
    startTimer,
    afterMs: IDLE_MS,
    release: () => keepOnly(new Set()),
  });
  const texts = new Map<Declaration, Map<LayOut, FamilyText>>();
  let defaultLabels: object = {};

  function make({ rows }: Declaration, layOut: LayOut): FamilyText {
    return new FamilyText({ rows, budget, layout: layOut(rows.definition, defaultLabels) });
  }

  function of(declaration: Declaration, layOut: LayOut = layOutText): FamilyText {
    idle.use();
    const known = texts.get(declaration) ?? new Map<LayOut, FamilyText>();
    texts.set(declaration, known);
    const text = known.get(layOut) ?? make(declaration, layOut);
    known.set(layOut, text);
    return text;
  }

  function keepOnly(declarations: ReadonlySet<Declaration>): void {
    for (const [declaration, layouts] of texts) {
      if (declarations.has(declaration)) continue;
      for (const text of layouts.values()) text.release();
      texts.delete(declaration);
    }
  }

  return {
    get defaultLabels() {
      return defaultLabels;
    },
    of,
    keepOnly,
    release() {
      idle.cancel();
      keepOnly(new Set());
    },
    relabel(labels) {
      defaultLabels = labels;
      keepOnly(new Set());
    },
  };
}
