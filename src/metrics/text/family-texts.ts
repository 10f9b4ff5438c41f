import type { Declaration } from "../families/declaration.js";
import { createChunks } from "./chunks.js";
import { FamilyText } from "./family-text.js";
import type { LayOut } from "./layout.js";
import { layOutText } from "./text-layout.js";

/** The texts of a registry's families. */
export interface FamilyTexts {
  /** The text of a family in one layout. Default: Prometheus text. */
  of(declaration: Declaration, layOut?: LayOut): FamilyText;
  /** Changes the labels on every series. */
  relabel(labels: object): void;
  /** The labels on every series. */
  readonly defaultLabels: object;
}

/** Makes the texts of one registry. */
export function createFamilyTexts(): FamilyTexts {
  const chunks = createChunks();
  let texts = new WeakMap<Declaration, Map<LayOut, FamilyText>>();
  let defaultLabels: object = {};

  return {
    get defaultLabels() {
      return defaultLabels;
    },
    of(declaration, layOut = layOutText) {
      const { rows } = declaration;
      const known = texts.get(declaration) ?? new Map<LayOut, FamilyText>();
      texts.set(declaration, known);
      const text = known.get(layOut) ?? new FamilyText(rows, layOut(rows.definition, defaultLabels), chunks);
      known.set(layOut, text);
      return text;
    },
    relabel(labels) {
      defaultLabels = labels;
      texts = new WeakMap();
    },
  };
}
