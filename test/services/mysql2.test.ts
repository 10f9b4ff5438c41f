import { createPool, type Pool } from "mysql2";
import { createConnection, createPool as createPromisePool } from "mysql2/promise";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Mysql2Like, mysql2 } from "../../src/collectors/db/mysql2.js";
import { table } from "../support/exposition.js";
import { type Observed, observe, PATIENCE } from "../support/service.js";
import { serviceUrl } from "../support/services/index.js";
import { unhandledRejections } from "../support/unhandled.js";

let uri = "";
const TABLE = `telltale_${process.pid}`;
beforeAll(async () => {
  uri = await serviceUrl("mariadb");
  const connection = await createConnection({ uri });
  await connection.query(`create table if not exists ${TABLE} (id int primary key, name text)`);
  await connection.end();
  return async () => {
    const last = await createConnection({ uri });
    await last.query(`drop table if exists ${TABLE}`);
    await last.end();
  };
}, 120_000);

function pooled(options: object = {}): Pool {
  const pool = createPool({ uri, ...options });
  onTestFinished(() => pool.promise().end());
  return pool;
}

// As the summary shows a name with digits in it.
const SHOWN = TABLE.replace(/\d{2,}/, "*");
const counts = async ({ samples }: Observed) =>
  table(await samples(), "db_operations_total", ["db", "operation", "collection", "outcome"]);

const statusOf = async ({ obs }: Observed) => (await obs.health.getHealthStatus()).checks["main"]?.status;

describe("a pool of mysql2", () => {
  test("has queries counted by verb, table and outcome, in every form, and no other pool's", async () => {
    const observed = observe();
    const [pool, other] = [pooled(), pooled()];
    observed.obs.instrument(pool, { name: "main" });
    await other.promise().query("select 2");
    await pool.promise().query("select 1");
    await pool.promise().execute(`select * from ${TABLE} where id = ?`, [1]);
    await new Promise((resolve) => pool.query("select 1", resolve));
    await new Promise((resolve) => pool.query("select 1").on("end", resolve));
    for await (const _row of pool.query(`select * from ${TABLE}`).stream());
    const connection = await pool.promise().getConnection();
    await connection.query("select 1");
    connection.release();
    await expect(pool.promise().query("select * from none_such")).rejects.toThrow();
    await expect
      .poll(() => counts(observed), PATIENCE)
      .toEqual({
        "main SELECT  ok": 4,
        [`main SELECT ${SHOWN} ok`]: 2,
        "main SELECT none_such error": 1,
      });
    expect(table(await observed.samples(), "db_errors_total", ["db", "code"])).toEqual({
      "main ER_NO_SUCH_TABLE": 1,
    });
  });

  test("is seen through mysql2/promise as well", async () => {
    const observed = observe();
    const pool = createPromisePool({ uri });
    onTestFinished(() => pool.end());
    observed.obs.instrument(pool);
    await pool.query("select 1");
    expect(await counts(observed)).toEqual({ "mysql2 SELECT  ok": 1 });
  });

  test("tells its connections, its waiting callers and how long they waited", async () => {
    const observed = observe();
    const pool = pooled({ connectionLimit: 1 });
    observed.obs.instrument(pool, { name: "main" });
    const connection = await pool.promise().getConnection();
    const waiting = pool.promise().query("select 1");
    const gauge = async (name: string, labels: string[]) => table(await observed.samples(), name, labels);
    expect(await gauge("db_pool_connections", ["pool", "state"])).toEqual({ "main used": 1, "main idle": 0 });
    expect(await gauge("db_pool_pending_requests", ["pool"])).toEqual({ main: 1 });
    expect(await gauge("db_pool_max_connections", ["pool"])).toEqual({ main: 1 });
    connection.release();
    await waiting;
    await expect
      .poll(() => gauge("db_pool_connections", ["pool", "state"]), PATIENCE)
      .toEqual({ "main used": 0, "main idle": 1 });
    expect(await gauge("db_pool_wait_seconds_count", ["pool"])).toEqual({ main: 2 });
  });

  test("gives each query the span of its own caller, also when it waited for a connection", async () => {
    const observed = observe();
    const pool = pooled({ connectionLimit: 1 });
    observed.obs.instrument(pool);
    const { tracer } = observed.obs;
    const callers = await Promise.all(
      ["a", "b", "c"].map((name) =>
        tracer.startActiveSpan(name, async (span) => {
          await pool.promise().query("select 1");
          span.end();
          return span.spanContext().spanId;
        }),
      ),
    );
    const parents = observed.spans
      .filter(({ name }) => name === "SELECT")
      .map((span) => span.parentSpanContext?.spanId);
    expect([...parents].sort()).toEqual([...callers].sort());
  });

  test("counts rows returned and rows changed", async () => {
    const observed = observe();
    const pool = pooled();
    observed.obs.instrument(pool);
    await pool.promise().query(`replace into ${TABLE} values (1, 'a'), (2, 'b')`);
    await pool.promise().query(`select * from ${TABLE} where id in (1, 2)`);
    const sums = table(await observed.samples(), "db_operation_rows_sum", ["operation"]);
    expect(sums["SELECT"]).toBe(2);
    expect(sums["REPLACE"]).toBeGreaterThanOrEqual(2);
  });

  test("shows no value in labels, spans or lines", async () => {
    const observed = observe();
    const pool = pooled();
    observed.obs.use(mysql2, pool as unknown as Mysql2Like, { slowMs: 0 });
    const run = (sql: string, values: unknown[]) =>
      pool
        .promise()
        .query(sql, values)
        .catch(() => undefined);
    await run(`replace into ${TABLE} values (?, ?)`, [3, "zqsecret"]);
    await run(`insert into ${TABLE} values (?, ?)`, [3, "zqsecret"]);
    await run("select ? from none_such where a = 'zqsecret'", ["zqsecret"]);
    await run("zqsecret", []);
    const shown = JSON.stringify([
      await observed.obs.metrics.registry.metrics(),
      observed.spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
      observed.lines,
    ]);
    expect(shown).toContain("ER_DUP_ENTRY");
    expect(shown).not.toContain("zqsecret");
  });

  test("raises unhandledRejection for a query that nobody awaits, as without", async () => {
    const seen = unhandledRejections();
    const pool = pooled();
    observe().obs.instrument(pool);
    void pool.promise().query("select * from none_such");
    await expect.poll(() => seen.length, PATIENCE).toBe(1);
    await pool.promise().query("select 1");
    expect(seen.length).toBe(1);
  });

  test("counts a refused connection as an error, and fails as without", async () => {
    const observed = observe();
    const pool = createPool({ host: "127.0.0.1", port: 1 });
    onTestFinished(() => pool.promise().end());
    observed.obs.instrument(pool, { name: "main" });
    await expect(pool.promise().query("select 1")).rejects.toThrow("ECONNREFUSED");
    expect(table(await observed.samples(), "db_errors_total", ["db", "code"])).toEqual({
      "main ECONNREFUSED": 1,
    });
    await expect.poll(() => statusOf(observed), PATIENCE).toBe("unhealthy");
  });

  test("is ready while it answers, and its probe is not counted", async () => {
    const observed = observe();
    const pool = pooled();
    observed.obs.instrument(pool, { name: "main" });
    await expect.poll(() => statusOf(observed), PATIENCE).toBe("healthy");
    expect(await counts(observed)).toEqual({});
    expect(table(await observed.samples(), "db_pool_wait_seconds_count", ["pool"])).toEqual({});
  });
});
