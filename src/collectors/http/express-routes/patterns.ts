import type { Matcher } from "./layers.js";

// Unlikely in a path and safe in every pattern that takes a segment.
const PROBE = "telltale0probe";
// Express 4 makes `^…\/?(?=\/|$)` of a string, and alternatives of several; a RegExp it takes as it is.
const GENERATED_END = "(?=\\/|$)";
const GENERATED = /^(?:\(\?:)?\^.*\(\?=\\\/\|\$\)\)?$/;

/** True where every path that an Express 4 mount takes has one template: no alternatives, nothing that may be missing. */
export function isFixedRegExp({ source }: RegExp): boolean {
  return GENERATED.test(source) && !/\||\)\?/.test(source.replaceAll(GENERATED_END, ""));
}

/**
 * The template of an Express 4 mount for `path`: what the groups of its RegExp matched is swapped for their names, or
 * for `*` where they have none. A RegExp of the service's own is told by its source.
 */
export function templateOfRegExp(
  regexp: RegExp,
  keys: readonly { readonly name: string | number }[],
  path: string,
): string {
  const match = GENERATED.test(regexp.source)
    ? new RegExp(regexp.source, `${regexp.flags}d`).exec(path)
    : null;
  if (match?.indices === undefined) return regexp.source;
  let template = "";
  let at = 0;
  for (const [i, { name }] of keys.entries()) {
    const [start, end] = match.indices[i + 1] ?? [0, 0];
    // Missing, or inside the one before.
    if (start === end || start < at) continue;
    template += path.slice(at, start) + (typeof name === "string" ? `:${name}` : "*");
    at = end;
  }
  return template + path.slice(at, match[0].length);
}

/**
 * The template of a mount of router 2.0 to 2.2, which shows only functions: each segment that it matched is swapped for a
 * probe and matched again. Where a parameter then holds the probe, the segment is that parameter; where any text
 * matches, it is a wildcard; else it is literal. Nothing is guessed from values.
 */
export function templateOfMatchers(matchers: readonly Matcher[], path: string): string {
  for (const matcher of matchers) {
    const match = matcher(path);
    if (match !== false) return matcher.name === "regexpMatcher" ? "*" : probeSegments(matcher, match, path);
  }
  return "*";
}

type Probed = Exclude<ReturnType<Matcher>, false>;
type Probe = (text: string) => Probed | false;

function probeSegments(matcher: Matcher, match: Probed, path: string): string {
  const segments = match.path.split("/");
  const rest = path.slice(match.path.length);
  const template = segments.map((segment, i) => {
    if (segment === "") return segment;
    return probeSegment(segment, match.params, (text) => matcher(segments.with(i, text).join("/") + rest));
  });
  // A wildcard takes any number of segments: one star for all of them.
  return template.filter((part, i) => part !== "*" || template[i - 1] !== "*").join("/");
}

function probeSegment(segment: string, params: Probed["params"], probe: Probe): string {
  const whole = probe(PROBE);
  if (whole !== false) return nameHolding(whole, PROBE);
  let template = "";
  let at = 0;
  for (const [name, value] of Object.entries(params)) {
    const start = typeof value === "string" && value !== "" ? segment.indexOf(value, at) : -1;
    if (start < 0) continue;
    const end = start + (value as string).length;
    const found = probe(segment.slice(0, start) + PROBE + segment.slice(end));
    if (found === false || found.params[name] !== PROBE) continue;
    template += `${segment.slice(at, start)}:${name}`;
    at = end;
  }
  return template + segment.slice(at);
}

function nameHolding({ params }: Probed, probe: string): string {
  const found = Object.entries(params).find(([, value]) => value === probe);
  return found === undefined ? "*" : `:${found[0]}`;
}
