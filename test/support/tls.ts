import { readFileSync } from "node:fs";
import { join } from "node:path";

const read = (file: string): string => readFileSync(join(import.meta.dirname, "tls", file), "utf8");

/** A self-signed pair for localhost and 127.0.0.1, made for tests alone, valid for a hundred years. */
export const TLS: { readonly key: string; readonly cert: string } = {
  key: read("key.pem"),
  cert: read("cert.pem"),
};
