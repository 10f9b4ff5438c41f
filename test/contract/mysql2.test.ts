import { createConnection, createPool } from "mysql2";
import { createPool as createPromisePool } from "mysql2/promise";
import { describe, test } from "vitest";
import { mysql2 as collector, type Mysql2Like } from "../../src/collectors/db/mysql2.js";
import { serviceUrl } from "../support/services/index.js";
import { contractOf } from "./subjects.js";

const TARGETS = {
  "a pool": (uri: string) => {
    const pool = createPool({ uri });
    return { pool, target: pool as unknown as Mysql2Like };
  },
  "a pool of mysql2/promise": (uri: string) => {
    const pool = createPromisePool({ uri });
    return { pool: pool.pool, target: pool as unknown as Mysql2Like };
  },
  "a connection": (uri: string) => {
    const pool = createConnection({ uri });
    return { pool, target: pool as unknown as Mysql2Like };
  },
};

describe.each(Object.entries(TARGETS))("the collector of mysql2 keeps the contract: %s", (_name, open) => {
  const fixture = {
    async open() {
      const { pool, target } = open(await serviceUrl("mariadb"));
      const exercise = () => pool.promise().query("select 1");
      await exercise();
      const touched = target === (pool as unknown) ? [] : [pool];
      return { target, exercise, touched, close: () => pool.promise().end() };
    },
  };
  for (const { name, run } of contractOf(collector, fixture)) test(name, { timeout: 120_000 }, run);
});
