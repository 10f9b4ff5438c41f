import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSummaries } from "../../../../src/collectors/db/sql/summary.js";

const summaryOf = (sql: string): string => createSummaries()(sql).text;

describe("the summary of a text", () => {
  test.each([
    ["SELECT * FROM songs, artists", "SELECT songs artists"],
    [
      "select a.x from orders o join customers c on o.c = c.id left join items on true",
      "SELECT orders customers items",
    ],
    ["INSERT INTO shipping_details SELECT * FROM orders", "INSERT shipping_details SELECT orders"],
    [
      "SELECT * FROM (SELECT * FROM orders) o JOIN customers c ON o.c = c.id",
      "SELECT SELECT orders customers",
    ],
    ["UPDATE users SET name = 'x' WHERE id = 1", "UPDATE users"],
    ["UPDATE ONLY a.users u SET n = o.n FROM orders o", "UPDATE a.users orders"],
    ["DELETE FROM users WHERE id IN (SELECT id FROM gone)", "DELETE users SELECT gone"],
    ["INSERT INTO t (a, b) VALUES (1, 2) ON DUPLICATE KEY UPDATE a = 3", "INSERT t"],
    ["INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1 RETURNING id", "INSERT t"],
    ["SELECT * FROM jobs FOR UPDATE SKIP LOCKED", "SELECT jobs"],
    [
      "WITH a AS (SELECT * FROM x), b (c) AS (SELECT * FROM a) SELECT * FROM a JOIN b ON true",
      "SELECT x SELECT SELECT",
    ],
    ["WITH RECURSIVE t AS (SELECT 1) INSERT INTO logs SELECT * FROM t", "SELECT INSERT logs SELECT"],
    ["/* from: secret */ SELECT 1 -- from here\nFROM dual", "SELECT dual"],
    ["# FROM here\nSELECT 1 FROM dual", "SELECT dual"],
    ["SELECT extract(year FROM created) FROM events", "SELECT events"],
    ["SELECT trim(BOTH 'x' FROM name), substring(name FROM 2) FROM users", "SELECT users"],
    ["SELECT 1 FROM a WHERE x IS DISTINCT FROM y", "SELECT a"],
    ["SELECT $$ FROM secret $$, $tag$ FROM secret $tag$ FROM t", "SELECT t"],
    ['SELECT * FROM "public"."User Table"', "SELECT public.*"],
    ["SELECT * FROM `shop`.`orders`", "SELECT shop.orders"],
    ["SELECT * FROM events_2026_11", "SELECT events_*"],
    ["CREATE TABLE IF NOT EXISTS users (id int)", "CREATE TABLE users"],
    ["CREATE UNIQUE INDEX CONCURRENTLY by_name ON users (name)", "CREATE INDEX by_name"],
    ["DROP TABLE users", "DROP TABLE users"],
    ["ALTER TABLE users ADD COLUMN x int", "ALTER TABLE users"],
    ["CREATE USER bob IDENTIFIED BY 'secret'", "CREATE"],
    ["TRUNCATE TABLE logs", "TRUNCATE logs"],
    ["COPY users FROM stdin", "COPY users"],
    ["CALL refresh_totals(1, 'x')", "CALL refresh_totals"],
    ["EXPLAIN SELECT * FROM t", "EXPLAIN SELECT t"],
    ["BEGIN", "BEGIN"],
    ["SET password = 'secret'", "SET"],
    ["SELECT 1; DELETE FROM t", "SELECT DELETE t"],
    ["(SELECT a FROM x) UNION (SELECT a FROM y)", "SELECT x SELECT y"],
    ["SELECT * FROM (a JOIN b ON true)", "SELECT a b"],
    ["SELECT * FROM a, b, c, d, e", "SELECT a b c d"],
    ["frobnicate the database", "OTHER"],
    ["", "OTHER"],
    ["SELECT data #>> '{a}' FROM docs", "SELECT docs"],
    ["SELECT a FROM t WHERE b = 'it''s' AND c IN (SELECT d FROM u)", "SELECT t SELECT u"],
  ])("%s", (sql, expected) => {
    expect(summaryOf(sql)).toBe(expected);
  });

  test("tells the operation, and the collection where there is one", () => {
    const summarize = createSummaries();
    expect(summarize("select * from users where id = ?")).toMatchObject({
      operation: "SELECT",
      collection: "users",
    });
    expect(summarize("select * from a join b on 1")).toMatchObject({ operation: "SELECT", collection: "" });
    expect(summarize("select * from a join a x on 1")).toMatchObject({ collection: "a" });
  });

  test("is at most 255 characters, cut between two parts", () => {
    const name = "n".repeat(64);
    expect(summaryOf(`SELECT * FROM ${name}.${name}, ${name}.${name}`)).toBe(`SELECT ${name}.${name}`);
  });
});

const SECRET = "zq9secret";
// Texts that hold the secret in ways that some dialect takes for a string or a comment.
const literal = fc.oneof(
  fc.constant(`'${SECRET}'`),
  fc.constant(`'FROM ${SECRET} JOIN ${SECRET}'`),
  fc.constant(`'it''s FROM ${SECRET}'`),
  fc.constant(`'a\\' FROM ${SECRET} WHERE x = '`),
  fc.constant(`'a\\\\' /* FROM ${SECRET} */`),
  fc.constant(`E'\\' UNION SELECT 1 FROM ${SECRET} --'`),
  fc.constant(`$$ FROM ${SECRET} $$`),
  fc.constant(`$q$ SELECT 1 FROM ${SECRET} $$ $q$`),
  fc.constant(`"a" /* FROM ${SECRET} */`),
  fc.constant(`1--' FROM ${SECRET}\n FROM ${SECRET}'`),
  fc.constant(`N'${SECRET}'`),
  fc.constant(`/* a /* b */ FROM ${SECRET} */ 1`),
  fc.string().map((text) => `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")} FROM ${SECRET}'`),
);
const statement = fc.constantFrom(
  (v: string) => `SELECT * FROM t WHERE a = ${v}`,
  (v: string) => `SELECT ${v} FROM t`,
  (v: string) => `INSERT INTO t (a) VALUES (${v}), (${v})`,
  (v: string) => `UPDATE t SET a = ${v}, b = (SELECT ${v} FROM u)`,
  (v: string) => `WITH c AS (SELECT ${v}) SELECT * FROM c, ${v}`,
  (v: string) => `CALL p(${v})`,
  (v: string) => `DELETE FROM t USING u WHERE a IN (${v}, ${v})`,
  (v: string) => `SELECT extract(year FROM ${v}) FROM ${v}`,
  (v: string) => `SET x = ${v}; SELECT * FROM t LIMIT ${v}`,
);

describe("whatever the text", () => {
  test("no literal of it is in the summary", () => {
    fc.assert(
      fc.property(statement, literal, literal, (make, a, b) => {
        expect(summaryOf(make(a))).not.toContain("zq");
        expect(summaryOf(`${make(a)} 'unterminated FROM ${SECRET}`)).not.toContain("zq");
        expect(summaryOf(`${make(a)} ${b} ${make(b)}`)).not.toContain("zq");
      }),
      { numRuns: 2000 },
    );
  });

  test("nothing is thrown and the summary is short", () => {
    const soup = fc
      .array(
        fc.constantFrom(
          "SELECT",
          "FROM",
          "WITH",
          "AS",
          "(",
          ")",
          ",",
          "'",
          '"',
          "`",
          "$$",
          "--",
          "/*",
          "*/",
          "\n",
          "x",
          ".",
          ";",
          "\\",
          "#",
          "\u{1f600}",
          "INTO",
        ),
      )
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string(), fc.string({ unit: "binary" })), (sql) => {
        expect(summaryOf(sql).length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(["(", "'", "''", "/*", "a,", "FROM x ", "WITH a AS (", "$$", "--", "a."])(
    "a megabyte of %j is looked at no further than its beginning",
    (part) => {
      const long = part.repeat(Math.ceil(1e6 / part.length));
      const start = performance.now();
      for (let i = 0; i < 50; i++) summaryOf(`SELECT ${i} FROM t ${long}`);
      // Linear, it takes a few milliseconds; to the square, a minute.
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  );
});
