import { readFileSync } from "node:fs";
import type { Transport } from "../types.js";

/** What a TLS connection is made with; PEM. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the files that the options name, or else OTEL_EXPORTER_OTLP_[TRACES_]CERTIFICATE and the like; one that cannot be read is told of and left out. */
export function readTlsFiles(target: Transport, complain: (error: unknown) => void): TlsFiles {
  const read = (option: keyof TlsFiles, given: string | undefined, variable: string): TlsFiles => {
    const path = given ?? fromEnvironment(variable);
    if (path === undefined) return {};
    try {
      return { [option]: readFileSync(path) };
    } catch (error) {
      complain(error);
      return {};
    }
  };
  return {
    ...read("ca", target.certificate, "CERTIFICATE"),
    ...read("cert", target.clientCertificate, "CLIENT_CERTIFICATE"),
    ...read("key", target.clientKey, "CLIENT_KEY"),
  };
}

function fromEnvironment(name: string): string | undefined {
  const path = process.env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || process.env[`OTEL_EXPORTER_OTLP_${name}`];
  return path === "" ? undefined : path;
}
