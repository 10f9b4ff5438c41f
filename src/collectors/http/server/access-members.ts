import type { WriteText } from "../../../logging/known-line.js";

/** What the access line tells of an exchange that went well, or was given up. */
export interface AccessFields {
  readonly event: "http_request";
  readonly method: string | undefined;
  readonly route: string | null;
  readonly path: string;
  readonly status: number;
  readonly outcome: string;
  readonly duration_seconds: number;
  readonly request_bytes: number;
  readonly response_bytes: number;
  readonly client_ip: string | undefined;
  readonly user_agent: string | undefined;
}

/** Writes them as the JSON that pino writes of them; byte for byte, in their order. */
export function writeAccessMembers(fields: AccessFields, text: WriteText): string {
  const { route, path, status, outcome, duration_seconds, request_bytes, response_bytes } = fields;
  const member = (name: string, value: string | undefined): string =>
    value === undefined ? "" : `,"${name}":${text(value)}`;
  return (
    `,"event":"http_request"${member("method", fields.method)}` +
    `,"route":${route === null ? "null" : text(route)},"path":${text(path)}` +
    `,"status":${status},"outcome":"${outcome}","duration_seconds":${duration_seconds}` +
    `,"request_bytes":${request_bytes},"response_bytes":${response_bytes}` +
    member("client_ip", fields.client_ip) +
    member("user_agent", fields.user_agent)
  );
}
