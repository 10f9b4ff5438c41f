const MAX_NAMES = 100;

/** What the query of a scrape asks for. */
export interface ScrapeQuery {
  /** Families to show; undefined for all. */
  readonly names: ReadonlySet<string> | undefined;
  /** What is wrong with it. */
  readonly complaint: string | undefined;
}

/** Reads `?name[]=http_requests_total&name[]=up`, which Prometheus spells like its own federation. Never throws. */
export function parseScrapeQuery(url: string | undefined): ScrapeQuery {
  const [, query = ""] = (url ?? "").split(/\?(.*)/s);
  const given = new URLSearchParams(query).getAll("name[]").filter((name) => name !== "");
  const names = given.length === 0 ? undefined : new Set(given);
  const complaint =
    given.length > MAX_NAMES ? `name[]: found ${given.length}; expected at most ${MAX_NAMES}.` : undefined;
  return { names, complaint };
}
