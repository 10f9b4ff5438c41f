import { createServer } from "node:http";
import { Redis } from "ioredis";
import { createPool } from "mysql2/promise";
import { createClient } from "redis";

const client = await createClient({ url: process.argv[2] }).connect();
const redis = new Redis(process.argv[2], { lazyConnect: true });
await redis.connect();
const pool = createPool({ uri: process.argv[3], connectionLimit: 1 });
const server = createServer(async (req, res) => {
  if (req.url === "/redis") await client.get("telltale:none");
  if (req.url === "/ioredis") await redis.hget("telltale:none", "field");
  if (req.url === "/mysql2") await Promise.all([1, 2, 3].map((n) => pool.query("select ?", [n])));
  res.setHeader("connection", "close").end();
  if (req.url !== "/stop") return;
  server.close();
  client.close();
  pool.end();
  redis.disconnect();
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
