/** The tests of each suite, by its name: what other people's tools do in their ordinary use. */
export const SUITES = {
  connecting: "tests/docs/connecting.test.ts",
  dlt: "snowglobe/tests/tools/dlt.test.ts",
  original: "snowglobe/tests/tools/originalWorkshop.test.ts",
  pandas: "snowglobe/tests/tools/pandas.test.ts",
  schemachange: "snowglobe/tests/tools/schemachange.test.ts",
  snow: "snowglobe/tests/tools/snowCli.long.test.ts",
  snowpark: "snowglobe/tests/tools/snowpark.test.ts",
  sqlalchemy: "snowglobe/tests/tools/sqlalchemy.test.ts",
} as const;

export type SuiteName = keyof typeof SUITES;
