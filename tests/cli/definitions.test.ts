/** What a preview says of dbt's objects: by the account's own text of each, not by what dbt would compare. */
import { isDefinition, planDefinitions, type DeployedRelation } from "../../cli/review/definitions";
import type { DbtManifest, DbtNode } from "../../cli/review/dbtManifest";

const node = (name: string, materialized: string, query: string, more: Partial<DbtNode> = {}): DbtNode => ({
  ...{ unique_id: `model.p.${name}`, resource_type: "model", name, alias: name, database: "D", schema: "S" },
  ...{ original_file_path: `models/${name}.sql`, relation_name: `D.S.${name}`, compiled_code: query },
  ...{ config: { materialized, target_lag: "1 minute", snowflake_warehouse: "WH" }, depends_on: {} },
  ...more,
});
const reads = (...names: string[]): Partial<DbtNode> => ({
  depends_on: { nodes: names.map((name) => `model.p.${name}`) },
});
const manifest = (...nodes: DbtNode[]): DbtManifest => ({
  nodes: Object.fromEntries(nodes.map((n) => [n.unique_id, n])),
  macros: { "macro.p.m": { original_file_path: "macros/m.sql", package_name: "p" } },
});
const dynamicTable = (name: string, query: string, more: Partial<DeployedRelation> = {}): DeployedRelation => ({
  ...{ path: `D.S.${name}`.toUpperCase(), kind: "dynamic table", targetLag: "1 minute", warehouse: "WH" },
  ...{
    refreshMode: "INCREMENTAL",
    text: `create dynamic table D.S.${name}\n  warehouse = WH\n  as (\n    ${query}\n  )\n`,
  },
  ...more,
});
const plan = (nodes: DbtNode[], deployed: DeployedRelation[], files: { before?: string; after?: string } = {}) =>
  planDefinitions({
    manifest: manifest(...nodes),
    deployed,
    contentBefore: files.before ?? "",
    contentAfter: files.after ?? "",
    failuresView: "D.S.FAILURES",
    stream: { name: "STREAM", table: "D.S.STG" },
  });

test.each([
  ["create dynamic table t as (\n  select 1\n)", "select 1", true],
  ['create dynamic table t as (\n  select 1\n)\n\n/* {"app": "dbt"} */;', "\n select 1\n", true],
  ["create dynamic table t as (\n  select 1 limit 10\n)", "select 1", false],
  ["create dynamic table t as (\n  select 1\n)", "select 1 limit 10", false],
  ["create dynamic table t as (\n  with a as (select 1) select * from a\n)", "select * from a", false],
  ["create dynamic table t as (\n  select 'A'\n)", "select 'a'", false],
  ["create dynamic table t as (\n  select 1 /* b */\n)", "select 1 /* b */", true],
  ["create dynamic table t as select 1", "select 1", false],
  ["", "select 1", false],
])("%j has the query %j: %s", (text, query, expected) => {
  expect(isDefinition(text, query)).toBe(expected);
});

test("a changed query rebuilds, its stream begins anew, incremental readers are reinitialised, FULL ones are not", () => {
  const nodes = [
    node("stg", "dynamic_table", "select 2"),
    node("inc", "dynamic_table", "select * from D.S.stg", reads("stg")),
    node("full", "dynamic_table", "select * from D.S.stg limit 1", reads("stg")),
    node("same", "dynamic_table", "select 3"),
  ];
  const { definitions, queries } = plan(nodes, [
    dynamicTable("stg", "select 1"),
    dynamicTable("inc", "select * from D.S.stg"),
    dynamicTable("full", "select * from D.S.stg limit 1", { refreshMode: "FULL" }),
    dynamicTable("same", "select 3"),
  ]);
  expect(definitions.map(({ name, change }) => [name, change])).toEqual([
    ["stg", "rebuilt"],
    ["inc", "reinitialised"],
    ["STREAM", "made"],
  ]);
  expect(queries).toEqual([{ name: "stg", sql: "select 2" }]);
});

test("another lag alters in place and says from what to what; an object that is missing is made", () => {
  const { definitions } = plan(
    [node("a", "dynamic_table", "select 1"), node("b", "view", "select 1")],
    [dynamicTable("a", "select 1", { targetLag: "5 minutes" })],
  );
  expect(definitions).toEqual([
    { name: "a", kind: "dynamic table", change: "altered in place", why: "target lag 5 minutes → 1 minute" },
    { name: "b", kind: "view", change: "made", why: "is not there yet" },
  ]);
});

test("tables and seeds by their files, macros that they call among them; what has no file any more stays", () => {
  const seed = node("codes", "seed", "", { resource_type: "seed", original_file_path: "seeds/codes.csv" });
  const caller = node("b", "table", "select 1", { depends_on: { macros: ["macro.p.m"] } });
  const { definitions } = plan(
    [node("a", "table", "select 1"), caller, node("c", "table", "select 1"), seed],
    ["a", "b", "c", "codes"].map((name) => ({ path: `D.S.${name.toUpperCase()}`, kind: "table" as const })),
    {
      before: "macros/m.sql 1\nmodels/a.sql 1\nmodels/c.sql 1\nmodels/gone.sql 1\nseeds/codes.csv 1",
      after: "macros/m.sql 2\nmodels/a.sql 2\nmodels/c.sql 1\nseeds/codes.csv 2",
    },
  );
  expect(definitions.map(({ name, kind, change }) => [name, kind, change])).toEqual([
    ["a", "table", "changed"],
    ["b", "table", "changed"],
    ["codes", "seed", "changed"],
    ["gone", "model", "left behind"],
  ]);
});

test("a data test is deployed where the view of failures has its query", () => {
  const stg = node("stg", "dynamic_table", "select 1");
  const test = (query: string): DbtNode =>
    node("is_ca", "test", query, { unique_id: "test.p.is_ca", resource_type: "test", ...reads("stg") });
  const deployed = [
    dynamicTable("stg", "select 1"),
    { path: "D.S.FAILURES", kind: "view" as const, text: "create view as select count(*) from (select 'CA')" },
  ];
  expect(plan([stg, test("select 'CA'")], deployed).definitions).toEqual([]);
  expect(plan([stg, test("select 'NY'")], deployed).definitions).toMatchObject([{ name: "is_ca", change: "changed" }]);
});

test("a query that reads changed models is checked with their queries in it, under their names", () => {
  const nodes = [
    node("stg", "dynamic_table", "select 1 as id"),
    node("mid", "view", "select id from D.S.stg", reads("stg")),
    node("top", "dynamic_table", "select mid.id from D.S.mid", reads("mid")),
  ];
  const { queries } = plan(nodes, []);
  expect(queries.find(({ name }) => name === "top")!.sql).toBe(
    'with "STG" as (\nselect 1 as id\n),\n"MID" as (\nselect id from "STG"\n)\nselect * from (\nselect mid.id from "MID"\n)',
  );
});
