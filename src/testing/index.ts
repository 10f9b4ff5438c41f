import type { Collector, DomainName } from "../collector.js";
import { createObservability, type Observability, type ObservabilityOptions } from "../index.js";
import { CHECKS } from "./checks.js";

/** A target of the real library and a way to make it work. */
export interface ContractSubject<Target> {
  readonly target: Target;
  /** Makes the target do, to its end, one thing that the collector counts; the same thing each time. */
  exercise(): unknown;
  /** Lets go of the target and of what it talks to. */
  close?(): unknown;
  /** True for a target that takes nothing on once it has worked, such as a Fastify app. Default: false. */
  readonly mustAttachFirst?: boolean;
  /** True for a target that is read rather than counted, so that two readings differ. Default: false. */
  readonly isRead?: boolean;
  /** Objects besides the target that must be as before once it is detached, such as the server of an app. */
  readonly touched?: readonly object[];
}

/** How the contract is put to one collector. */
export interface ContractFixture<Target> {
  /** Makes a subject; each check has one of its own. */
  open(): ContractSubject<Target> | Promise<ContractSubject<Target>>;
  /** Options of the observability that the checks run under. Default: outgoing requests are left alone. */
  readonly options?: ObservabilityOptions;
}

/** One check of the contract, for any runner: `for (const { name, run } of contractOf(…)) test(name, run)`. */
export interface ContractCheck {
  /** What it claims. */
  readonly name: string;
  /** Rejects with an AssertionError when the claim does not hold. */
  run(): Promise<void>;
}

/**
 * The contract that every collector keeps, as checks to be run by any test runner.
 *
 * @example
 * const fixture = { open: async () => ({ target: await connect(), exercise: () => target.query("select 1") }) };
 * for (const { name, run } of contractOf(myCollector, fixture)) test(name, run);
 */
export function contractOf<Target extends object, Options extends object, Domain extends DomainName>(
  collector: Collector<Target, Options, Domain>,
  fixture: ContractFixture<NoInfer<Target>>,
): readonly ContractCheck[] {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    async run() {
      const subject = await fixture.open();
      const [obs, other] = [createQuiet(fixture.options), createQuiet(fixture.options)];
      try {
        const attach = (to: Observability): (() => void) => to.use(collector, subject.target);
        await check({ collector: collector as unknown as Collector, subject, obs, other, attach });
      } finally {
        await Promise.all([obs.close(), other.close()]);
        await subject.close?.();
      }
    },
  }));
}

function createQuiet(options: ObservabilityOptions = {}): Observability {
  return createObservability({
    service: "contract",
    logging: { level: "silent", destination: { write: () => undefined } },
    tracing: { exporter: "none" },
    ...options,
    metrics: { process: false },
    http: { outgoing: false, ...options.http },
  });
}
