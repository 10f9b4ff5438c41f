import { connect } from "node:net";
import type { Service } from "./service.js";

/** Redis, single. */
export const redis: Service = {
  name: "redis",
  env: "REDIS_URL",
  usualUrl: "redis://127.0.0.1:6379",
  packages: ["redis-server"],
  programs: ["redis-server", "valkey-server"],
  args: ({ port, folder }) =>
    `--port ${port} --bind 127.0.0.1 --dir ${folder} --save --appendonly no --daemonize no`.split(" "),
  url: ({ port }) => `redis://127.0.0.1:${port}`,
  isReady(url) {
    const { hostname, port } = new URL(url);
    return new Promise((resolve) => {
      const socket = connect(Number(port || 6379), hostname, () => socket.write("PING\r\n"));
      socket.setTimeout(1000, () => socket.destroy());
      socket.on("data", (data) => {
        resolve(data.toString().startsWith("+PONG"));
        socket.destroy();
      });
      socket.on("error", () => resolve(false)).on("close", () => resolve(false));
    });
  },
};
