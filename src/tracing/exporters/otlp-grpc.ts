import { createRequire } from "node:module";
import type { NamedTarget } from "../targets.js";
import { grpcUrl } from "./endpoint.js";
import type { Exporter, ExporterSetup } from "./exporter.js";
import { readTlsFiles } from "./tls.js";

type GrpcPackage = typeof import("@opentelemetry/exporter-trace-otlp-grpc");
type GrpcOptions = NonNullable<ConstructorParameters<GrpcPackage["OTLPTraceExporter"]>[0]>;

/** The part of @grpc/grpc-js that is used. It is the exporter's dependency, not ours. */
interface GrpcJs {
  Metadata: new () => NonNullable<GrpcOptions["metadata"]>;
  credentials: {
    createSsl(
      ca: Buffer | null,
      key: Buffer | null,
      certificate: Buffer | null,
    ): NonNullable<GrpcOptions["credentials"]>;
  };
}

/** One call under way. */
interface Call {
  cancel(): void;
}

/** The client of grpc-js, which the exporter makes at its first export. */
interface Client {
  /** The last argument is the callback. */
  export(...args: unknown[]): Call;
  close(): void;
}

const PACKAGE = "@opentelemetry/exporter-trace-otlp-grpc";

/** OTLP over gRPC, by default to port 4317. */
export function createGrpcExporter({ target, note }: ExporterSetup): Exporter {
  const { OTLPTraceExporter } = require(PACKAGE) as GrpcPackage;
  const inner = new OTLPTraceExporter({
    ...(target.endpoint !== undefined && { url: grpcUrl(target.endpoint) }),
    timeoutMillis: target.timeoutMs,
    ...(target.compression !== undefined && {
      compression: target.compression as NonNullable<GrpcOptions["compression"]>,
    }),
    ...metadataOf(target),
    ...credentialsOf(target, (error) => note("tracing", error)),
  });
  const destroy = cancelOnDestroy(inner);
  return {
    export: (spans, done) => inner.export(spans, done),
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown().finally(destroy),
    destroy,
  };
}

function metadataOf({ headers }: NamedTarget): Pick<GrpcOptions, "metadata"> {
  const entries = Object.entries(headers);
  if (entries.length === 0) return {};
  const metadata = new (grpcJs().Metadata)();
  for (const [name, value] of entries) metadata.set(name, value);
  return { metadata };
}

// Without files of the options the exporter reads the environment's by itself.
function credentialsOf(
  target: NamedTarget,
  complain: (error: unknown) => void,
): Pick<GrpcOptions, "credentials"> {
  const { endpoint = "", certificate, clientCertificate, clientKey } = target;
  if ((certificate ?? clientCertificate ?? clientKey) === undefined) return {};
  if (endpoint.startsWith("http://")) return {};
  const { ca = null, key = null, cert = null } = readTlsFiles(target, complain);
  // grpc-js refuses one without the other.
  const pair: [Buffer | null, Buffer | null] = key === null || cert === null ? [null, null] : [key, cert];
  return { credentials: grpcJs().credentials.createSsl(ca, ...pair) };
}

function grpcJs(): GrpcJs {
  const exporter = createRequire(require.resolve(PACKAGE));
  const base = createRequire(exporter.resolve("@opentelemetry/otlp-grpc-exporter-base"));
  return base("@grpc/grpc-js") as GrpcJs;
}

// close() of grpc-js lets calls go on until their deadline; a hung collector would hold the process that long.
function cancelOnDestroy(inner: object): () => void {
  const calls = new Set<Call>();
  const transport = Reflect.get(Reflect.get(inner, "_delegate") as object, "_transport") as object;
  let client: Client | undefined;
  Object.defineProperty(transport, "_client", {
    get: () => client,
    set(made: Client | undefined) {
      client = made;
      if (made !== undefined) trackCalls(made, calls);
    },
  });
  return () => {
    for (const call of calls) call.cancel();
    client?.close();
  };
}

function trackCalls(client: Client, calls: Set<Call>): void {
  const send = client.export.bind(client);
  client.export = (...args) => {
    const done = args.pop() as (...result: unknown[]) => void;
    const call = send(...args, (...result: unknown[]) => {
      calls.delete(call);
      done(...result);
    });
    calls.add(call);
    return call;
  };
}
