import { file } from "./file.js";
import { loki } from "./loki.js";
import type { SinkMaker } from "./maker.js";
import { otlp } from "./otlp.js";
import { stderr } from "./stderr.js";
import { stdout } from "./stdout.js";
import { stream } from "./stream.js";
import { transport } from "./transport.js";

/** Every kind of sink. */
export const SINKS: readonly SinkMaker[] = [stdout, stderr, file, stream, loki, otlp, transport];
