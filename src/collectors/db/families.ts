import { SpanKind } from "@opentelemetry/api";
import type { DomainKit } from "../../collector.js";
import type { Counter, Histogram } from "../../metrics/types.js";
import type { Operation } from "../../operation.js";
import { SECONDS } from "../buckets.js";

/** The families of queries. */
export interface DbFamilies {
  readonly operation: Operation;
  readonly errors: Counter<"db" | "code">;
  readonly rows: Histogram<"db" | "operation">;
}

const ROWS = [0, 1, 10, 100, 1000, 10_000, 100_000];

/** Declares them. */
export function declareDbFamilies({ operation, declare }: DomainKit): DbFamilies {
  return {
    operation: operation({
      total: {
        name: "db_operations_total",
        help: "Queries that ended, by verb and target (empty: none or several).",
      },
      duration: {
        name: "db_operation_duration_seconds",
        help: "Time from the call of a query to the end of its result.",
        buckets: SECONDS,
      },
      startLabels: ["db", "operation", "collection"],
      endLabels: ["outcome"],
      spanKind: SpanKind.CLIENT,
    }),
    errors: declare.counter({
      name: "db_errors_total",
      help: "Queries and connections that failed, by the code of the server or the system.",
      labelNames: ["db", "code"],
    }),
    rows: declare.histogram({
      name: "db_operation_rows",
      help: "Rows that a query returned or changed.",
      labelNames: ["db", "operation"],
      buckets: ROWS,
    }),
  };
}
