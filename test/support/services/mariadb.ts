import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
import type { Service } from "./service.js";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** MariaDB with a passwordless root on 127.0.0.1 and a database `test`. */
export const mariadb: Service = {
  name: "mariadb",
  env: "MYSQL_URL",
  usualUrl: "mysql://root@127.0.0.1:3306/test",
  packages: ["mariadb-server"],
  programs: ["mariadbd", "mysqld"],

  async prepare({ folder, programs }) {
    const own = isRoot ? ["--user=root"] : [];
    const flags = [
      "--no-defaults",
      `--datadir=${join(folder, "data")}`,
      "--auth-root-authentication-method=normal",
    ];
    await run(join(dirname(programs), "bin", "mariadb-install-db"), [...flags, ...own], { cwd: folder });
  },

  args: ({ port, folder }) => [
    "--no-defaults",
    `--datadir=${join(folder, "data")}`,
    `--socket=${join(folder, "s")}`,
    `--pid-file=${join(folder, "pid")}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    "--innodb-buffer-pool-size=16M",
    "--innodb-log-file-size=8M",
    "--skip-name-resolve",
    ...(isRoot ? ["--user=root"] : []),
  ],

  url: ({ port }) => `mysql://root@127.0.0.1:${port}/test`,

  async isReady(url) {
    try {
      const connection = await createConnection({ uri: url, connectTimeout: 1000 });
      await connection.query("select 1");
      await connection.end();
      return true;
    } catch {
      return false;
    }
  },
};
