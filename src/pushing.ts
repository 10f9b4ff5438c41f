import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Catalog } from "./catalog.js";
import { ObservabilityError } from "./errors.js";
import type { Faults } from "./guard.js";
import type { Metrics } from "./metrics/index.js";
import { openPusher, type PushParts } from "./metrics/push/index.js";
import type { PushSender } from "./metrics/push/settings.js";
import type { Pusher, PushOptions } from "./metrics/push/types.js";
import { withOtlpEnvironment } from "./options/push.js";
import { resourceAttributes } from "./options/tracing.js";
import type { Environment, Settings } from "./options.js";
import { contexts, SUPPRESSED_ROOT } from "./tracing/context.js";

/** What the pushers of an instance are made from. */
export interface PushingParts {
  readonly metrics: Metrics;
  readonly catalog: Catalog;
  readonly faults: Faults;
  readonly env: Environment;
}

/** The pushers of one instance. */
export interface Pushing {
  /** Makes a pusher; without options, hands out the one that `metrics.push` describes. Throws TELLTALE_OPTION. */
  push(options?: PushOptions): Pusher;
  /** Closes them all, side by side. Never rejects. */
  close(): Promise<void>;
}

/** Makes the pushers' keeper; starts the one that the settings describe. Throws TELLTALE_OPTION on a bad option. */
export function createPushing(parts: PushingParts, settings: Settings): Pushing {
  const { metrics, faults, env } = parts;
  const pushers: Pusher[] = [];
  const startMs = Date.now();
  const sender = senderOf(settings, env);
  let recorder: PushParts["onResult"] | undefined;

  function open(options: PushOptions): Pusher {
    recorder ??= createRecorder(parts);
    const pusher = openPusher(withOtlpEnvironment(options, env), {
      sender,
      startMs,
      onBeforeExit,
      view: metrics.view,
      apart: (work) => contexts.run(SUPPRESSED_ROOT, work),
      onResult: recorder,
      onFault: (name, error) => faults.note("push", new Error(`${name} could not be read: ${String(error)}`)),
    });
    pushers.push(pusher);
    return pusher;
  }

  const configured = settings.metrics.push === undefined ? undefined : open(settings.metrics.push);
  return {
    push: (options) => (options === undefined ? (configured ?? refuse()) : open(options)),
    close: () => Promise.all(pushers.map((pusher) => pusher.close())).then(() => undefined),
  };
}

function createRecorder({ catalog, faults }: PushingParts): PushParts["onResult"] {
  const { counter, gauge } = catalog.for("telltale");
  const pushes = counter({
    name: "telltale_push_total",
    help: "Pushes of the metrics, and deletions of what was pushed, by receiver and outcome.",
    labelNames: ["to", "outcome"],
  });
  const succeeded = gauge({
    name: "telltale_push_last_success_timestamp_seconds",
    help: "Unix time of the last push that was taken whole.",
    labelNames: ["to"],
    unit: "seconds",
    aggregator: "max",
  });
  return ({ to, url }, { ok, outcome, error }) => {
    pushes.inc({ to, outcome });
    if (ok) succeeded.set({ to }, Date.now() / 1000);
    else faults.note("push", new Error(`push to ${url.origin} (${to}): ${error}`));
  };
}

function senderOf({ service, version, environment }: Settings, env: Environment): PushSender {
  const attributes = resourceAttributes(env);
  const instance = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
  return {
    service,
    // OpenTelemetry: what the environment says of the resource wins over what was found out.
    instance: attributes["service.instance.id"] || instance,
    resource: {
      "telemetry.sdk.name": "telltale",
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.version": (require("../package.json") as { version: string }).version,
      ...attributes,
      ...(version === undefined ? {} : { "service.version": version }),
      ...(environment === undefined ? {} : { "deployment.environment.name": environment }),
    },
  };
}

function onBeforeExit(listener: () => void): () => void {
  process.once("beforeExit", listener);
  return () => process.off("beforeExit", listener);
}

function refuse(): never {
  throw new ObservabilityError(
    "TELLTALE_OPTION",
    "metrics.push: found no options; expected them here, or as metrics.push of createObservability().",
  );
}
