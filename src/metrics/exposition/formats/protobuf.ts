import { familyMessages } from "../../protobuf/family-messages.js";
import { foreignMessages } from "../../protobuf/foreign-messages.js";
import { readSamples } from "../foreign.js";
import type { Format } from "./format.js";

/** Prometheus protobuf: MetricFamily messages, each with its length before it. */
export function createProtobufFormat(labels: { readonly defaultLabels: object }): Format {
  return {
    gap: "",
    end: "",
    family: ({ rows }) => familyMessages(rows, labels.defaultLabels),
    foreign: async (metric) => foreignMessages(metric, await readSamples(metric, labels.defaultLabels)),
  };
}
