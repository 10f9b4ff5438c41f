import { connect } from "node:net";
import type { CheckContext, HealthCheckOptions, Indicator } from "../types.js";

/** What is to be reached. */
export interface TcpTarget {
  readonly port: number;
  /** Default: `localhost`. */
  readonly host?: string;
}

const DEPENDENCY: HealthCheckOptions = { kind: "dependency" };

/** Healthy when a connection can be opened; it is closed at once. */
export function tcp({ port, host = "localhost" }: TcpTarget): Indicator {
  const check = ({ signal }: CheckContext): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host, signal }).unref();
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.destroy();
        resolve();
      });
    });
  return Object.assign(check, { options: DEPENDENCY });
}
