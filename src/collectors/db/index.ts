import type { Attributes, Context } from "@opentelemetry/api";
import { boundedValues } from "../../bounded.js";
import type { DomainKit } from "../../collector.js";
import { createOperationLog } from "../../operation-log.js";
import { contexts, isTracingSuppressed } from "../../tracing/context.js";
import { type DbFamilies, declareDbFamilies } from "./families.js";
import { createPools, type DbPool } from "./pool.js";
import { createSummaries } from "./sql/summary.js";

declare module "../../collector.js" {
  interface Domains {
    db: DbDomain;
  }
}

/** The vocabulary of databases. */
export interface DbDomain {
  /** Speaks for one database client. */
  client(identity: DbIdentity): DbClient;
  /** Speaks for one pool of connections. */
  pool(name: string): DbPool;
}

/** Which database it is. */
export interface DbIdentity {
  /** Value of the label `db`. */
  readonly name: string;
  /** `db.system.name` of its spans. */
  readonly system: string;
  /** Further attributes of its spans, asked for at the end of each that is recorded. */
  attributes(): Attributes;
  /** A query at least this long has a log line, milliseconds. */
  readonly slowMs: number;
}

/** One database client, as it is spoken for. */
export interface DbClient {
  /** Begins a query in the caller's context; undefined for telltale's own. Of the text only its summary is kept. */
  begin(sql: string, parent?: Context): DbOperation | undefined;
  /** Counts an error that belongs to no query, such as a refused connection, and tells it. */
  failed(code: string): void;
}

/** One query that runs. */
export interface DbOperation {
  end(end: DbEnd): void;
}

/** How a query ended. */
export interface DbEnd {
  /** Rows returned or changed, where the server says. */
  readonly rows?: number | undefined;
  /** Code of the failure, such as `ER_DUP_ENTRY`; undefined for success. */
  readonly error?: string | undefined;
}

/** Texts that code puts together can have any number of summaries. */
const MAX_SUMMARIES = 200;
const MAX_CODES = 100;

/** Declares the families of the domain and makes its vocabulary. */
export function createDbDomain(kit: DomainKit): DbDomain {
  const families = declareDbFamilies(kit);
  return { client: (identity) => createClient(kit, families, identity), pool: createPools(kit.declare) };
}

function createClient(
  kit: DomainKit,
  families: DbFamilies,
  { name: db, system, slowMs, attributes }: DbIdentity,
): DbClient {
  const log = createOperationLog(kit.log);
  const summarize = createSummaries();
  const bounded = { summary: boundedValues(MAX_SUMMARIES), collection: boundedValues(MAX_SUMMARIES) };
  const codeOf = boundedValues(MAX_CODES);

  function begin(sql: string, parent: Context = contexts.active()): DbOperation | undefined {
    if (isTracingSuppressed(parent)) return undefined;
    const { text, operation, collection: target } = summarize(sql);
    const [summary, collection] = [bounded.summary(text), bounded.collection(target)];
    const labels = [db, operation, collection];
    const running = families.operation.start({ labels, spanName: summary, parent });
    return {
      end({ rows, error }) {
        const code = error === undefined ? undefined : codeOf(error);
        const seconds = running.end({
          labels: [code === undefined ? "ok" : "error"],
          error: code,
          attributes: () => ({
            ...queryAttributes({ system, operation, summary, collection }),
            ...attributes(),
          }),
        });
        if (seconds === undefined) return;
        if (code !== undefined) families.errors.inc({ db, code });
        if (rows !== undefined) families.rows.observe({ db, operation }, rows);
        log({ fields: { db, query: summary }, seconds, slowMs, error: code, context: running.context });
      },
    };
  }

  return {
    begin,
    failed(error) {
      const code = codeOf(error);
      families.errors.inc({ db, code });
      log({ fields: { db, query: "connect" }, seconds: 0, slowMs, error: code, context: contexts.active() });
    },
  };
}

interface QueryWords {
  readonly system: string;
  readonly operation: string;
  readonly summary: string;
  readonly collection: string;
}

// OpenTelemetry's conventions for database spans (stable), but for the text of the query, which may hold values.
function queryAttributes({ system, operation, summary, collection }: QueryWords): Attributes {
  return {
    "db.system.name": system,
    "db.operation.name": operation,
    "db.query.summary": summary,
    ...(collection === "" ? {} : { "db.collection.name": collection }),
  };
}
