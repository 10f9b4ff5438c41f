import { layOutOpenMetrics, layOutUnknown } from "../../text/open-metrics-layout.js";
import { clashes } from "../clash.js";
import { readSamples } from "../foreign.js";
import type { Format } from "./format.js";
import { foreignText } from "./open-metrics-foreign.js";
import type { TextParts } from "./text.js";

/** OpenMetrics 1.0.0. */
export function createOpenMetricsFormat({ texts }: TextParts): Format {
  return {
    gap: "",
    end: "# EOF\n",
    family(declaration, peers) {
      const isClashing = clashes(declaration.definition, peers);
      return texts.of(declaration, isClashing ? layOutUnknown : layOutOpenMetrics).pieces();
    },
    async foreign(metric, peers) {
      const samples = await readSamples(metric, texts.defaultLabels);
      return foreignText({ metric, samples, isClashing: clashes(metric, peers) });
    },
  };
}
