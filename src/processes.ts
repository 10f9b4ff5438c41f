import type { Catalog } from "./catalog.js";
import type { Faults } from "./guard.js";
import type { Metrics } from "./metrics/index.js";
import type { Group } from "./metrics/processes/group.js";
import { joinGroupOf } from "./metrics/processes/group-auto.js";
import type { PeerCounts } from "./metrics/processes/hub.js";
import type { Settings } from "./options.js";

/** What the other processes are shown with. */
export interface ProcessesParts {
  readonly metrics: Metrics;
  readonly catalog: Catalog;
  readonly note: Faults["note"];
}

/** Joins the processes of the same service: workers of node:cluster and PM2, and those of one name. Never throws. */
export function joinProcesses(
  { service, metrics: { group, groupTimeoutMs } }: Settings,
  { metrics, catalog, note }: ProcessesParts,
): Group {
  let show: (counts: PeerCounts | undefined) => void = () => undefined;
  return joinGroupOf({
    service,
    group,
    timeoutMs: groupTimeoutMs,
    createJournal() {
      show = declarePeers(catalog);
      return metrics.createJournal();
    },
    createSum() {
      const { exposition, ...fleet } = metrics.createFleet();
      const expose = exposition.pipeTo.bind(exposition, fleet.view.registry);
      return { fleet, expose };
    },
    onCounts: (counts) => show(counts),
    report: (error) => note("group", error),
    // A part of its own: what keeps the group from working was told as a fault of `group` just before.
    warn: (message) => note("scrape", new Error(message)),
  });
}

function declarePeers(catalog: Catalog): (counts: PeerCounts | undefined) => void {
  const peers = catalog.for("telltale").gauge({
    name: "telltale_group_peers",
    help: "Other processes at the last scrape: answered in time, or silent and shown with their last known values.",
    labelNames: ["state"],
  });
  return (counts) => {
    if (counts === undefined) return peers.reset();
    peers.set({ state: "answered" }, counts.answered);
    peers.set({ state: "silent" }, counts.silent);
  };
}
