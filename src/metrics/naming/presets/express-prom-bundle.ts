import type { Preset } from "../types.js";
import { serverFamilies, withoutParameters } from "./server-families.js";

/**
 * express-prom-bundle 8.0.0 with `includeMethod` and `includePath` (its src/index.js and src/normalizePath.js):
 * `http_request_duration_seconds{status_code,method,path}`. Its gauge `up` is left out: Prometheus makes its own.
 */
export const EXPRESS_PROM_BUNDLE: Preset = {
  families: serverFamilies({
    route: [{ name: "path", value: withoutParameters }],
    status: [{ name: "status_code" }],
  }),
  defaults: { "http.buckets": [0.003, 0.03, 0.1, 0.3, 1.5, 10] },
};
