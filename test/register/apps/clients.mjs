import { createServer } from "node:http";
import { Redis } from "ioredis";
import { createClient } from "redis";

const client = await createClient({ url: process.argv[2] }).connect();
const redis = new Redis(process.argv[2], { lazyConnect: true });
await redis.connect();
const server = createServer(async (req, res) => {
  if (req.url === "/redis") await client.get("telltale:none");
  if (req.url === "/ioredis") await redis.hget("telltale:none", "field");
  res.setHeader("connection", "close").end();
  if (req.url !== "/stop") return;
  server.close();
  client.close();
  redis.disconnect();
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
