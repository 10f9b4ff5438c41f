import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Stops the servers that the tests have started.
    globalSetup: ["test/support/services/global-setup.ts"],
    include: ["test/**/*.test.ts"],
    exclude: ["test/package/fixtures/**", "node_modules/**"],
    // The default second is short on a machine that runs something else as well.
    expect: { poll: { timeout: 5_000 } },
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
