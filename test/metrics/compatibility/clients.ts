import * as platformatic from "@platformatic/prom-client";
import * as prometheusIo from "@prometheus-io/client";
import * as promClient from "prom-client";
import * as promClient14 from "prom-client14";

/** prom-client; its kin differ in their types only. */
export type Client = typeof promClient;

/** One of the modules that the option `metrics.client` takes. */
export interface Kin {
  readonly name: string;
  readonly client: Client;
  /** False for prom-client 14, which knows the Prometheus text format only. */
  readonly hasOpenMetrics: boolean;
}

/** Every module that the option `metrics.client` takes. */
export const KIN: readonly Kin[] = [
  { name: "prom-client 15", client: promClient, hasOpenMetrics: true },
  { name: "prom-client 14", client: promClient14 as unknown as Client, hasOpenMetrics: false },
  { name: "@platformatic/prom-client", client: platformatic as unknown as Client, hasOpenMetrics: true },
  { name: "@prometheus-io/client", client: prometheusIo as unknown as Client, hasOpenMetrics: true },
];

/** The lines of an exposition that are no comments. */
export const numbersOf = (text: string): string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

/** The same text with the labels of each line in order: prom-client 14 has its own. */
export function withSortedLabels(text: string): string {
  return text.replaceAll(
    /\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}/gs,
    (_all, labels: string) => `{${(labels.match(/\w+="(?:[^"\\]|\\.)*"/gs) ?? []).sort().join(",")}}`,
  );
}
