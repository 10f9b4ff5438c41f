import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScrapeQuery } from "../../../src/metrics/exposition/scrape-query.js";

const namesOf = (url: string | undefined): string[] | undefined => {
  const { names } = parseScrapeQuery(url);
  return names && [...names];
};

test("reads every name[] of the query, decoded", () => {
  expect(namesOf("/metrics?name[]=up&x=1&name%5B%5D=a%3Ab&name[]=up")).toEqual(["up", "a:b"]);
  expect(namesOf("?name[]=a?b")).toEqual(["a?b"]);
});

test.each([undefined, "", "/metrics", "/metrics?", "/metrics?name=up", "/metrics?name[]=", "/?%"])(
  "asks for everything in %j",
  (url) => {
    expect(parseScrapeQuery(url)).toEqual({ names: undefined, complaint: undefined });
  },
);

test("complains of more than 100 names", () => {
  const query = (names: number): string => `/?${"name[]=a&".repeat(names)}`;
  expect(parseScrapeQuery(query(100)).complaint).toBeUndefined();
  expect(parseScrapeQuery(query(101)).complaint).toBe("name[]: found 101; expected at most 100.");
});

test("never throws", () => {
  fc.assert(fc.property(fc.string(), (query) => void parseScrapeQuery(`/?name[]=${query}`)));
});
