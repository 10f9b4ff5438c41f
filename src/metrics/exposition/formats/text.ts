import type { FamilyTexts } from "../../text/family-texts.js";
import { CONTENT_TYPES } from "../content-types.js";
import { type Client, printMetric } from "../print-metric.js";
import type { Format } from "./format.js";

/** What a format of text is made from. */
export interface TextParts {
  readonly client: Client;
  readonly texts: FamilyTexts;
}

/** Prometheus text 0.0.4, byte for byte as prom-client writes it. */
export function createTextFormat({ client, texts }: TextParts): Format {
  return {
    gap: "\n",
    end: "",
    family: (declaration) => texts.of(declaration).pieces(),
    async foreign(metric) {
      const { text: contentType } = CONTENT_TYPES;
      const { defaultLabels } = texts;
      return [`${await printMetric(client, metric, { contentType, defaultLabels })}\n`];
    },
  };
}
