import type { Declaration } from "../../families/declaration.js";
import { layOutOpenMetrics, layOutUnknown } from "../../text/open-metrics-layout.js";
import { clashes, type Peers } from "../clash.js";
import { readSamples } from "../foreign.js";
import type { Format, Piece } from "./format.js";
import { foreignText } from "./open-metrics-foreign.js";
import type { TextParts } from "./text.js";

/** OpenMetrics 1.0.0. */
export function createOpenMetricsFormat({ texts }: TextParts): Format {
  function* family(declaration: Declaration, peers: Peers): Iterable<Piece> {
    const isClashing = clashes(declaration.definition, peers);
    const text = texts.of(declaration, isClashing ? layOutUnknown : layOutOpenMetrics);
    yield text.head;
    for (let block = 0; block < text.blocks; block++) yield text.show(block);
  }

  return {
    gap: "",
    end: "# EOF\n",
    family,
    async foreign(metric, peers) {
      const samples = await readSamples(metric, texts.defaultLabels);
      return foreignText({ metric, samples, isClashing: clashes(metric, peers) });
    },
  };
}
