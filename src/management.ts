import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ObservabilityError } from "./errors.js";

/** Where the management port listens. */
export interface ListenOptions {
  /** Default: 9464, the port of OpenTelemetry's Prometheus exporter. 0 takes a free one. */
  readonly port?: number;
  /** Default: every interface, so that Prometheus and the kubelet can reach it. */
  readonly host?: string;
}

/** The management port, open. */
export interface ManagementServer {
  readonly port: number;
  readonly url: string;
  /** Stops listening and lets go of open connections. */
  close(): Promise<void>;
}

/** Answers a request, or returns false when the path is not its own. */
export type Endpoint = (req: IncomingMessage, res: ServerResponse) => boolean;

const PORT = 9464;

/** Opens the management port over `endpoints`. Rejects with TELLTALE_LISTEN when the address cannot be had. */
export function openManagement(
  endpoints: readonly Endpoint[],
  options: ListenOptions,
): Promise<ManagementServer> {
  const { port = PORT, host } = options;
  const server = createServer((req, res) => {
    if (endpoints.some((endpoint) => endpoint(req, res))) return;
    res.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("Not found.\n");
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(refusal(port, host, error)));
    // Not a reason for the process to live.
    server.listen(port, host, () => resolve(opened(server.unref(), host)));
  });
}

/** The page at `/` of the management port: what can be asked here. */
export function indexEndpoint(service: string, paths: readonly string[]): Endpoint {
  const page = `${service}\n\n${paths.join("\n")}\n`;
  return (req, res) => {
    if (req.url !== "/") return false;
    res
      .writeHead(200, { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" })
      .end(page);
    return true;
  };
}

function opened(server: Server, host: string | undefined): ManagementServer {
  const { port } = server.address() as AddressInfo;
  const shown =
    host === undefined || host === "0.0.0.0" || host === "::"
      ? "localhost"
      : host.includes(":")
        ? `[${host}]`
        : host;
  return {
    port,
    url: `http://${shown}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refusal(port: number, host: string | undefined, error: NodeJS.ErrnoException): ObservabilityError {
  const where = host === undefined ? `port ${port}` : `${host}:${port}`;
  const why =
    error.code === "EADDRINUSE" ? "it is in use; choose another, or 0 for a free one" : error.message;
  return new ObservabilityError("TELLTALE_LISTEN", `listen: cannot listen on ${where}: ${why}.`);
}
