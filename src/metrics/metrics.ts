import { createCardinality } from "./cardinality.js";
import { type Adoptions, createAdoptions } from "./clients/adoptions.js";
import type { ClientModule } from "./clients/client-shape.js";
import { createLeftOutWatch, type LoadedModules } from "./clients/left-out.js";
import { formatOf } from "./exposition/content-types.js";
import { createExposition, type Exposition } from "./exposition/exposition.js";
import type { Client } from "./exposition/print-metric.js";
import type { Declaration } from "./families/declaration.js";
import { createFactory } from "./families/factory.js";
import type { ReportMisuse } from "./families/misuse.js";
import { checkDefaultLabels } from "./families/validate.js";
import { createNaming } from "./naming/naming.js";
import { createFleet, type ExposedFleet } from "./processes/fleet.js";
import type { FleetClient } from "./processes/fleet-foreign.js";
import { createJournal } from "./processes/journal.js";
import { createThreads, type Threads, type ThreadsParts } from "./processes/threads.js";
import type { Journal, View } from "./processes/types.js";
import { createRegistry } from "./registry.js";
import type { Metrics, MetricsSettings } from "./types.js";

/** What metrics may be made with. */
export interface MetricsOptions {
  /** The prom-client that the service itself uses. Default: the one installed with this package. */
  readonly client?: ClientModule | undefined;
  /** The modules of this process, which are looked through for other copies of prom-client. Default: `require.cache`. */
  readonly modules?: () => LoadedModules;
  /** Told about wrong use at run time, in one line; nothing is ever thrown for it. Default: a process warning. */
  readonly onMisuse?: ReportMisuse;
  /** Milliseconds, monotonic; what `ttlMs` is measured with. Default: `performance.now()`. */
  readonly now?: () => number;
  /** Unix time in milliseconds; what exemplars are stamped with. Default: `Date.now()`. */
  readonly clock?: () => number;
}

/**
 * Makes a registry and the factory of families over it. Throws TELLTALE_LABEL when a default label has a bad name.
 *
 * @example
 * const metrics = createMetrics({ prefix: "", labels: { service: "chat" }, maxSeriesPerFamily: 2000 });
 * const jobs = metrics.counter({ name: "jobs_total", help: "Jobs done.", labelNames: ["queue"] });
 * jobs.inc({ queue: "mail" });
 */
export function createMetrics(settings: MetricsSettings, options: MetricsOptions = {}): Metrics {
  checkDefaultLabels(settings.labels);
  // The kin of prom-client behave alike; only their types differ.
  const client = (options.client as Client | undefined) ?? installedClient();
  const naming = createNaming(settings);
  const report = options.onMisuse ?? warn;
  const now = options.now ?? (() => performance.now());
  const { registry, exposition, declarations, adoptions } = createOwn(settings, {
    ...options,
    client,
    report,
  });
  const own = { view: { registry, declarations, beside: adoptions.beside }, exposition };
  const createOwnFleet = (): ExposedFleet =>
    createFleet({ ...options, client: client as FleetClient, labels: settings.labels, report, now });
  const threads = joinThreads(settings, { own: () => own, createFleet: createOwnFleet, report });
  const parts = { client, registry, settings, naming, report, now, clock: options.clock, declarations };

  return {
    ...createFactory({ ...parts, share: threads.share }),
    registry,
    get contentType() {
      return registry.contentType;
    },
    get format() {
      return formatOf(registry);
    },
    async text(text) {
      const { view, exposition } = await threads.expose();
      return exposition.text(view.registry, text);
    },
    async pipeTo(writable, pipe = {}) {
      const { view, exposition } = await threads.expose();
      await exposition.pipeTo(view.registry, writable, pipe);
    },
    cardinality: createCardinality(own.view),
    view: own.view,
    expose: threads.expose,
    createJournal: () => journalOf(threads, report),
    createFleet: createOwnFleet,
    adopt: adoptions.adopt,
    naming,
    close: threads.close,
  };
}

/** What belongs to this instance alone. */
interface Own extends View {
  readonly exposition: Exposition;
  readonly adoptions: Adoptions;
}

function createOwn(
  { labels, collectTimeoutMs }: MetricsSettings,
  options: MetricsOptions & { readonly client: Client; readonly report: ReportMisuse },
): Own {
  const { report, client } = options;
  const declarations = new WeakMap<object, Declaration>();
  const adoptions = createAdoptions(report);
  const watch = createLeftOutWatch({ report, modules: options.modules ?? loadedModules });
  const exposition = createExposition({
    ...options,
    declarations,
    collectTimeoutMs,
    beside(own) {
      watch(own);
      return adoptions.beside(own);
    },
  });
  const { beside } = adoptions;
  const isOwn = (metric: object): boolean => declarations.has(metric);
  const registry = createRegistry({ client, labels, exposition, beside, isOwn, report });
  return { registry, exposition, declarations, adoptions };
}

function joinThreads({ threads: service }: MetricsSettings, parts: Omit<ThreadsParts, "service">): Threads {
  if (service !== undefined) return createThreads({ ...parts, service });
  return { share: undefined, expose: async () => parts.own(), exposeNow: parts.own, close: () => undefined };
}

function journalOf({ expose, exposeNow }: Threads, report: ReportMisuse): Journal {
  const view = async (): Promise<View> => (await expose()).view;
  return createJournal({ view, viewNow: () => exposeNow().view, report });
}

function installedClient(): Client {
  return require("prom-client") as typeof import("prom-client");
}

function loadedModules(): LoadedModules {
  // A bundler's `require` may have no cache.
  return require.cache ?? {};
}

function warn(message: string): void {
  process.emitWarning(message, "TelltaleWarning");
}
