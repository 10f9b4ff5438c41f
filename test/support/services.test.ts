import { describe, expect, test } from "vitest";
import { serviceUrl } from "./services/index.js";
import { mariadb } from "./services/mariadb.js";
import { findProgram } from "./services/programs.js";
import { redis } from "./services/redis.js";
import { findOrStart } from "./services/run.js";
import type { Service } from "./services/service.js";

const START_MS = 120_000;

const absent: Service = {
  name: "absent",
  env: "TELLTALE_TEST_ABSENT_URL",
  usualUrl: "absent://127.0.0.1:1",
  packages: ["telltale-no-such-package"],
  programs: ["telltale-no-such-program"],
  args: () => [],
  url: () => "",
  isReady: () => Promise.resolve(false),
};

describe("a server for tests", () => {
  test.each(["redis", "mariadb"] as const)(
    "%s is there, and the same for all who ask",
    { timeout: START_MS },
    async (name) => {
      const urls = await Promise.all([serviceUrl(name), serviceUrl(name)]);
      expect(urls[0]).toMatch(/^\w+:\/\//);
      expect(urls[1]).toBe(urls[0]);
    },
  );

  test("is the one that the environment names", async () => {
    process.env[absent.env] = "absent://there";
    try {
      expect(await findOrStart(absent)).toBe("absent://there");
    } finally {
      delete process.env[absent.env];
    }
  });

  test("is the one that listens where it usually does", async () => {
    const listening = { ...absent, isReady: (url: string) => Promise.resolve(url === absent.usualUrl) };
    expect(await findOrStart(listening)).toBe(absent.usualUrl);
  });

  test("that cannot be had is named, with the ways to get it", async () => {
    const refuse = () => Promise.reject(new Error("no network"));
    await expect(findProgram(absent, refuse)).rejects.toThrow(
      /telltale-no-such-program.*\n.*telltale-no-such-package.*docker compose up -d absent.*TELLTALE_TEST_ABSENT_URL/,
    );
    await expect(findProgram(absent, () => Promise.resolve())).rejects.toThrow(/hold no such program/);
  });

  test.each([redis, mariadb])(
    "$name is started on a free port with a folder of its own where none listens, and once",
    { timeout: START_MS },
    async (service) => {
      const own = {
        ...service,
        name: `own-${service.name}`,
        env: "TELLTALE_TEST_NONE",
        usualUrl: `${service.name}://127.0.0.1:1`,
      };
      const urls = await Promise.all([findOrStart(own), findOrStart(own)]);
      expect(urls[1]).toBe(urls[0]);
      expect(urls[0]).not.toBe(service.usualUrl);
      expect(await service.isReady(urls[0])).toBe(true);
    },
  );
});
