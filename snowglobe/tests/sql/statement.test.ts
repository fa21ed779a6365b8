import { findProperty, parseStatement, propertyText, type StatementKind, type StatementOf } from "../../src/sql";
import { structure } from "./structure";

function parse<K extends StatementKind>(kind: K, text: string): StatementOf<K> {
  const statement = parseStatement(text);
  expect(statement.kind).toBe(kind);
  return statement as StatementOf<K>;
}

test("a dynamic table keeps the user's words, without the comment behind them", () => {
  const text = `create dynamic table D.S.x
    target_lag = 'downstream'  warehouse = wh  scheduler = 'ENABLE'
    as ( select 1 as a  -- why
    )`;
  const table = parse("createDynamicTable", `-- before\n${text}\n/* {"app": "dbt"} */;`);
  expect(table.text).toBe(text);
  expect(table.body!.text).toBe("( select 1 as a  -- why\n    )");
  expect(propertyText(findProperty(table.properties, "TARGET_LAG"))).toBe("downstream");
  expect(propertyText(findProperty(table.properties, "WAREHOUSE"))).toBe("WH");
  expect(table.name.map((part) => part.name)).toEqual(["D", "S", "X"]);
});

test("a task's condition and body are text and tree; a provider's comment behind them is no part", () => {
  const task = parse(
    "createTask",
    `CREATE TASK t SCHEDULE = '1 MINUTE' WHEN system$stream_has_data('s') AS
      -- keeps this
      BEGIN delete from e; END --terraform_provider_usage_tracking {"a;b": 1}`,
  );
  expect(task.when!.text).toBe("system$stream_has_data('s')");
  expect(task.when!.expression).toMatchObject({ kind: "call" });
  expect(task.body!.text).toBe("-- keeps this\n      BEGIN delete from e; END");
  expect(task.body!.statement).toMatchObject({ kind: "block", body: [{ kind: "delete" }] });
});

test("an alert's condition and action", () => {
  const alert = parse("createAlert", "create alert a if (exists ( select 1 from t )) then call p()");
  expect(alert.condition!.text).toBe("select 1 from t");
  expect(alert.action!.text).toBe("call p()");
  expect(alert.properties).toEqual([]);
});

test("a pipe holds its statements; $1 is the previous result", () => {
  const pipe = parse("pipe", `show tables ->> select "name" from $1`);
  expect(pipe.statements.map((statement) => statement.kind)).toEqual(["show", "queryStatement"]);
  expect(pipe.statements[1]).toMatchObject({ query: { body: { from: [{ kind: "pipeResult", back: 1 }] } } });
});

test.each([
  ["begin", "beginTransaction"],
  ["BEGIN;", "beginTransaction"],
  ["begin work", "beginTransaction"],
  ["begin name x;", "beginTransaction"],
  ["begin name := 1; end", "block"],
  ["begin select 1; end", "block"],
  ["begin return 1; end;", "block"],
] as const)("%s is %s", (text, kind) => {
  expect(parseStatement(text).kind).toBe(kind);
});

test("a grant without kind words names a relation and a role", () => {
  expect(structure(parse("grantPrivileges", "grant select on D.S.x to REPORTER"))).toMatchObject({
    privileges: ["SELECT"],
    on: { kind: "object", objectKind: "TABLE", implied: true },
    grantee: { kind: "ROLE", name: [{ name: "REPORTER" }] },
    grantOption: false,
  });
});

test("column changes as dbt sends them", () => {
  const alter = parse("alterTable", `alter  table D.S.x alter "A" COMMENT $$the id$$, "B" COMMENT $$$$`);
  expect(structure(alter.actions)).toEqual([
    { action: "alterColumn", column: { name: "A", quoted: true }, change: { kind: "comment", comment: "the id" } },
    { action: "alterColumn", column: { name: "B", quoted: true }, change: { kind: "comment", comment: "" } },
  ]);
});

test("PUT keeps the path as written, slashes and all", () => {
  const put = parse("put", "PUT file:///tmp/a//b*.csv @~/x/y auto_compress=false");
  expect(put.localPath).toBe("/tmp/a//b*.csv");
  expect(put.location).toMatchObject({ stage: { kind: "user" }, path: "x/y" });
  const bindUpload = parse("put", "PUT file://1'@SYSTEM$BIND/ab-c' overwrite=true");
  expect(bindUpload.localPath).toBe("1");
  expect(structure(bindUpload.location)).toEqual({
    stage: { kind: "named", name: [{ name: "SYSTEM$BIND", quoted: false }] },
    path: "ab-c",
  });
  expect(parse("put", "put file://x ?").variable).toMatchObject({ kind: "bind" });
});

test("a stage's path is not its name", () => {
  expect(structure(parse("list", 'list @d."s/x".st/a/b.csv').location)).toMatchObject({
    stage: { kind: "named", name: [{ name: "D" }, { name: "s/x" }, { name: "ST" }] },
    path: "a/b.csv",
  });
  expect(structure(parse("list", "ls @d.s.%t/a").location)).toMatchObject({
    stage: { kind: "table", name: [{ name: "D" }, { name: "S" }, { name: "T" }] },
  });
});

test("a name that a variable holds", () => {
  expect(parse("truncate", "truncate identifier($t)").table).toMatchObject([
    { name: "", variable: { kind: "sessionVariable", name: "T" } },
  ]);
  expect(parse("truncate", "truncate identifier('a.\"b c\"')").table.map((part) => part.name)).toEqual(["A", "b c"]);
});

test("SHOW with every clause", () => {
  const show = parse(
    "show",
    "show terse dynamic tables history like 'a%' in schema d.s starts with 'A' limit 5 from 'B'",
  );
  expect(structure(show)).toEqual({
    kind: "show",
    objects: "DYNAMIC TABLES",
    terse: true,
    history: true,
    like: "a%",
    scope: {
      objectKind: "SCHEMA",
      name: [
        { name: "D", quoted: false },
        { name: "S", quoted: false },
      ],
    },
    startsWith: "A",
    limit: 5,
    from: "B",
  });
  expect(parse("show", "show objects in D.S\n limit 10").scope).toMatchObject({ name: [{ name: "D" }, { name: "S" }] });
});

test("the silent traps of other parsers", () => {
  expect(parse("truncate", "truncate table if exists t").ifExists).toBe(true);
  expect(parse("insert", "insert overwrite into t select 1").overwrite).toBe(true);
  expect(parse("queryStatement", "select regexp_like(a, 'x'), datediff(day, a, b)").query.body).toMatchObject({
    items: [{ expression: { kind: "call" } }, { expression: { args: [{ kind: "column" }, {}, {}] } }],
  });
  const { orderBy } = parse("queryStatement", "select 1 order by a, b desc").query;
  expect(orderBy.map((item) => item.nulls)).toEqual([undefined, undefined]);
});
