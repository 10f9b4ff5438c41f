import { deserialize, serialize } from "node:v8";
import type { Metrics } from "../../../src/metrics/index.js";
import type { ExposedFleet } from "../../../src/metrics/processes/fleet.js";
import type { Journal, Update } from "../../../src/metrics/processes/types.js";
import type { MetricsSettings } from "../../../src/metrics/types.js";
import { createFixture } from "../family-fixture.js";

/** A process of the fleet, as far as a test needs one. */
export interface Member {
  readonly metrics: Metrics;
  readonly journal: Journal;
  readonly told: string[];
  /** Tells the fleet what is new, through bytes as another process would; answers the update. */
  tell(to?: ExposedFleet): Promise<Update>;
}

/** A fleet, whatever was told about it, and a clock moved by hand that everybody shares. */
export interface FleetFixture {
  readonly fleet: ExposedFleet;
  readonly told: string[];
  readonly clock: { nowMs: number; unixMs: number };
  member(name: string): Member;
  /** Another fleet of the same kind. */
  another(): ExposedFleet;
  /** The lines of a fleet's exposition that are no comments, in order. */
  lines(of?: ExposedFleet): Promise<string[]>;
}

export function createFleetFixture(settings: Partial<MetricsSettings> = {}): FleetFixture {
  const clock = { nowMs: 0, unixMs: 1_700_000_000_250 };
  const clocks = { now: () => clock.nowMs, clock: () => clock.unixMs };
  const { metrics, told } = createFixture(settings, clocks);
  const fleet = metrics.createFleet();

  function member(name: string): Member {
    const own = createFixture(settings, clocks);
    const journal = own.metrics.createJournal();
    return {
      metrics: own.metrics,
      journal,
      told: own.told,
      async tell(to = fleet) {
        const update = deserialize(serialize(await journal.next())) as Update;
        to.apply(name, update);
        return update;
      },
    };
  }

  return { fleet, told, clock, member, another: metrics.createFleet, lines: (of = fleet) => linesOf(of) };
}

async function linesOf({ view }: ExposedFleet): Promise<string[]> {
  const text = await view.registry.metrics();
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .sort();
}
