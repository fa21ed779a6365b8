/**
 * One jest project for the whole repository. `./workshop test --quick` leaves out `*.engine.test.ts` (they need the
 * Pulumi engine), `*.dbt.test.ts` (they need dbt) and `*.long.test.ts` (random histories, kills, a browser).
 *
 * @type {import('jest').Config}
 */
module.exports = {
  roots: ["<rootDir>/tests", "<rootDir>/snowglobe/tests"],
  testMatch: ["**/*.test.ts"],
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  // What is loaded on demand, `import("../commands/up.js")`, is TypeScript here.
  moduleNameMapper: {
    "^(\\.{1,2}/(?:[\\w.]+/)*(?:commands|stack|loader|components|dashboard|stream|tests)/\\w+|\\./open|\\.\\./\\.\\./index)\\.js$":
      "$1",
  },
  modulePathIgnorePatterns: ["<rootDir>/.workshop", "<rootDir>/snowglobe/dist"],
  maxWorkers: 2,
  testTimeout: 60_000,
};
