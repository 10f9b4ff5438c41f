import { refuse } from "../../families/validate.js";
import type { NamingPreset, Preset } from "../types.js";
import { EXPRESS_PROM_BUNDLE } from "./express-prom-bundle.js";
import { FASTIFY_METRICS } from "./fastify-metrics.js";
import { OTEL } from "./otel.js";
import { PROMSTER } from "./promster.js";
import { SWAGGER_STATS } from "./swagger-stats.js";

// `prometheus` is our own, so it changes nothing.
const PRESETS: Readonly<Record<NamingPreset, Preset>> = {
  prometheus: { families: {} },
  otel: OTEL,
  "express-prom-bundle": EXPRESS_PROM_BUNDLE,
  "fastify-metrics": FASTIFY_METRICS,
  promster: PROMSTER,
  "swagger-stats": SWAGGER_STATS,
};

/** A vocabulary by its name. Throws TELLTALE_OPTION on a name that there is none of. */
export function presetOf(name: string): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name as NamingPreset];
  const names = Object.keys(PRESETS).join(", ");
  return refuse("TELLTALE_OPTION", { what: "metrics.naming", found: name, expected: `one of ${names}` });
}
