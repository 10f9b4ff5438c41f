import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ObservabilityError } from "./errors.js";
import { markOwn } from "./health/shutdown/servers/own-server.js";

/** Where the management port listens. */
export interface ListenOptions {
  /** Default: `management.port`, which is 9464, the port of OpenTelemetry's Prometheus exporter. 0 takes a free one. */
  readonly port?: number;
  /** Default: `management.host`, else every interface, so that Prometheus and the kubelet can reach it. */
  readonly host?: string;
  /**
   * Says who may see and change log levels at `/loggers`, by true or a promise of it. Default: nobody, and the path
   * does not exist.
   */
  readonly authorize?: Authorize;
}

/** Decides whether a request may do what changes the service; a throw or a rejection counts as false. */
export type Authorize = (req: IncomingMessage) => boolean | Promise<boolean>;

/** The management port, open. */
export interface ManagementServer {
  readonly port: number;
  readonly url: string;
  /** Stops listening and lets go of open connections. */
  close(): Promise<void>;
}

/** Answers a request, or returns false when the path is not its own. */
export type Endpoint = (req: IncomingMessage, res: ServerResponse) => boolean;

/** The management ports of one instance. */
export interface Management {
  /** Opens one. Rejects with TELLTALE_LISTEN when the address cannot be had. */
  listen(where?: ListenOptions): Promise<ManagementServer>;
  /** Closes all. Never rejects. */
  close(): Promise<void>;
}

/** What a management port answers: to everyone, and to whom it is told to trust. */
export interface ManagementEndpoints {
  readonly open: readonly Endpoint[];
  /** Makes the endpoints that ask `authorize` first. */
  guarded(authorize: Authorize): readonly Endpoint[];
}

/** Makes the management of an instance; `defaults` is where it listens unless told otherwise. */
export function createManagement(
  { open, guarded }: ManagementEndpoints,
  defaults: Required<Pick<ListenOptions, "port">> & ListenOptions,
): Management {
  const servers: ManagementServer[] = [];
  return {
    async listen(where = {}) {
      const { authorize } = where;
      const endpoints = authorize === undefined ? open : [...guarded(checked(authorize)), ...open];
      const server = await openManagement(endpoints, { ...defaults, ...where });
      servers.push(server);
      return server;
    },
    async close() {
      await Promise.allSettled(servers.map((server) => server.close()));
    },
  };
}

function checked(authorize: unknown): Authorize {
  if (typeof authorize === "function") return authorize as Authorize;
  throw new ObservabilityError(
    "TELLTALE_OPTION",
    `listen: authorize: found ${typeof authorize}, expected a function (req) => boolean.`,
  );
}

function openManagement(
  endpoints: readonly Endpoint[],
  { port, host }: Required<Pick<ListenOptions, "port">> & ListenOptions,
): Promise<ManagementServer> {
  const server = createServer((req, res) => {
    if (endpoints.some((endpoint) => endpoint(req, res))) return;
    res.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("Not found.\n");
  });
  markOwn(server);
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
