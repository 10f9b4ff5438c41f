import { createBudget } from "./budget.js";
import type { Declaration } from "./declaration.js";
import { FamilyText } from "./family-text.js";
import { createLineLayout } from "./line-layout.js";

/** The texts of a registry's families, kept between scrapes. */
export interface FamilyTexts {
  /** The text of a family. */
  of(declaration: Declaration): FamilyText;
  /** Lets go of the texts of all other families. */
  keepOnly(declarations: ReadonlySet<Declaration>): void;
  /** Lets go of all texts. */
  release(): void;
  /** Changes the labels on every series. */
  relabel(labels: object): void;
  /** The labels on every series. */
  readonly defaultLabels: object;
}

/** Makes the texts of one registry; `pagesBytes` of them are kept at most. */
export function createFamilyTexts(pagesBytes: number): FamilyTexts {
  const budget = createBudget(pagesBytes);
  const texts = new Map<Declaration, FamilyText>();
  let defaultLabels: object = {};

  function make(declaration: Declaration): FamilyText {
    const { rows } = declaration;
    const text = new FamilyText({ rows, budget, layout: createLineLayout(rows.definition, defaultLabels) });
    texts.set(declaration, text);
    return text;
  }

  function keepOnly(declarations: ReadonlySet<Declaration>): void {
    for (const [declaration, text] of texts) {
      if (declarations.has(declaration)) continue;
      text.release();
      texts.delete(declaration);
    }
  }

  return {
    get defaultLabels() {
      return defaultLabels;
    },
    of: (declaration) => texts.get(declaration) ?? make(declaration),
    keepOnly,
    release: () => keepOnly(new Set()),
    relabel(labels) {
      defaultLabels = labels;
      keepOnly(new Set());
    },
  };
}
