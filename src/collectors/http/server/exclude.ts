import type { Guard } from "../../../collector.js";
import type { HttpSettings, RequestTest } from "../settings.js";
import { pathOf } from "../targets/shapes.js";

/** Compiles the `exclude` option into one test; undefined when there is nothing to test. */
export function compileExclude(rules: HttpSettings["exclude"], guard: Guard): RequestTest | undefined {
  if (rules.length === 0) return undefined;
  const exact = new Set(
    rules.filter((rule): rule is string => typeof rule === "string" && !rule.endsWith("*")),
  );
  const others = rules
    .filter((rule) => !(typeof rule === "string" && exact.has(rule)))
    .map((rule) => compileRule(rule, guard));
  return (req) => exact.has(pathOf(req)) || others.some((test) => test(req));
}

function compileRule(rule: string | RegExp | RequestTest, guard: Guard): RequestTest {
  if (typeof rule === "string") {
    const prefix = rule.slice(0, -1);
    return (req) => pathOf(req).startsWith(prefix);
  }
  // A fresh RegExp: the `g` and `y` flags would carry state from one request to the next.
  if (rule instanceof RegExp) {
    const pattern = new RegExp(rule.source, rule.flags.replace(/[gy]/g, ""));
    return (req) => pattern.test(pathOf(req));
  }
  return (req) => guard("http.exclude", () => rule(req)) === true;
}
