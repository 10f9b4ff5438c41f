import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

// Biome lints everything else; these rules need types, which Biome does not have.
export default defineConfig(
  globalIgnores(["**/*.mjs", ".cache", "dist", "docs", "examples", "bench", "test/package/fixtures"]),
  {
    files: ["src/**/*.ts", "src/**/*.mts", "test/**/*.ts"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "tsconfig.test.json", tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/return-await": ["error", "in-try-catch"],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
);
