import type { DomainName, Domains } from "./collector.js";
import { createCacheDomain } from "./collectors/cache/index.js";
import { createDbDomain } from "./collectors/db/index.js";
import { createHttpDomain, type HttpDomain } from "./collectors/http/index.js";
import type { OnRequest } from "./collectors/http/server/server.js";
import { createProcessDomain } from "./collectors/process/index.js";
import type { Settings } from "./options.js";
import type { Signals } from "./signals.js";

/** The vocabularies of one instance. */
export interface InstanceDomains {
  readonly http: HttpDomain;
  /** The vocabulary of a domain; its families are declared when it is first asked for. */
  of(name: DomainName): Domains[DomainName];
}

/** Makes them; HTTP at once, for it has a face of its own. `onRequest` is told of every request that comes in. */
export function createDomains(signals: Signals, settings: Settings, onRequest: OnRequest): InstanceDomains {
  const http = createHttpDomain(signals.kit("http"), settings.http, onRequest);
  const makers: { readonly [D in DomainName]: () => Domains[D] } = {
    http: () => http,
    cache: () => createCacheDomain(signals.kit("cache")),
    db: () => createDbDomain(signals.kit("db")),
    process: () => createProcessDomain(signals.kit("process")),
  };
  const made = new Map<DomainName, Domains[DomainName]>();
  return {
    http,
    of(name) {
      const domain = made.get(name) ?? makers[name]();
      made.set(name, domain);
      return domain;
    },
  };
}
