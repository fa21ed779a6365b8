/** Tags: objects of their own, set on others, inherited and shown. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "create database d",
    "use schema d.public",
    "create tag cost_center comment = 'who pays'",
    "create tag level allowed_values 'low', 'high'",
    "create table t (a int, b int)",
  );
});

afterAll(() => snowglobe.stop());

const tagOf = async (tag: string, name: string, domain: string): Promise<unknown> =>
  (await admin.column(`select system$get_tag('${tag}', '${name}', '${domain}')`))[0];

test("objects of every kind can have them, in CREATE and in ALTER", async () => {
  await admin.run(
    "create warehouse w with tag (cost_center = 'sales')",
    "create role r",
    "create function f(x int) returns int as 'x'",
    "create stage st",
    "create view v as select * from t",
    "create dynamic table dt target_lag = '1 hour' warehouse = w with tag (cost_center = 'dt') as select a from t",
    "create schema s with tag (level = 'low')",
    "use schema d.public",
    "create task k warehouse = w schedule = '1 hour' as select 1",
  );
  const altered = [
    ["warehouse", "w"],
    ["role", "r"],
    ["user", "admin"],
    ["database", "d"],
    ["schema", "d.public"],
    ["table", "t"],
    ["view", "v"],
    ["dynamic table", "dt"],
    ["stage", "st"],
    ["task", "k"],
    ["function", "f(int)"],
  ] as const;
  expect(await tagOf("cost_center", "w", "warehouse")).toBe("sales");
  expect(await tagOf("cost_center", "dt", "table")).toBe("dt");
  expect(await tagOf("level", "d.s", "schema")).toBe("low");
  for (const [kind, name] of altered) {
    await admin.run(`alter ${kind} ${name} set tag cost_center = '${kind}', level = 'high'`);
    const domain = kind === "view" || kind === "dynamic table" ? "table" : kind;
    expect(await tagOf("cost_center", name, domain)).toBe(kind);
    if (kind !== "table" && kind !== "database") await admin.run(`alter ${kind} ${name} unset tag cost_center, level`);
  }
  await admin.run("alter table t unset tag level");
});

test("what lies in an object inherits its tags, unless it has its own", async () => {
  expect(await tagOf("cost_center", "t.a", "column")).toBe("table");
  expect(await tagOf("cost_center", "v.a", "column")).toBe("database");
  await admin.run("alter table t modify column a set tag cost_center = 'own'");
  expect(await tagOf("cost_center", "d.public.t.a", "COLUMN")).toBe("own");
  expect(
    await admin.rows(
      "select tag_name, tag_value, apply_method, level, object_name, domain, column_name from table(information_schema.tag_references('t.a', 'column')) order by 1",
    ),
  ).toEqual([
    {
      TAG_NAME: "COST_CENTER",
      TAG_VALUE: "own",
      APPLY_METHOD: "MANUAL",
      LEVEL: "COLUMN",
      OBJECT_NAME: "T",
      DOMAIN: "COLUMN",
      COLUMN_NAME: "A",
    },
    {
      TAG_NAME: "LEVEL",
      TAG_VALUE: "high",
      APPLY_METHOD: "INHERITED",
      LEVEL: "DATABASE",
      OBJECT_NAME: "T",
      DOMAIN: "COLUMN",
      COLUMN_NAME: "A",
    },
  ]);
  expect(
    await admin.rows(
      "select column_name, tag_value from table(d.information_schema.tag_references_all_columns('t', 'table')) where tag_name = 'COST_CENTER' order by 1",
    ),
  ).toEqual([
    { COLUMN_NAME: "A", TAG_VALUE: "own" },
    { COLUMN_NAME: "B", TAG_VALUE: "table" },
  ]);
  await admin.run("alter table t modify column a unset tag cost_center");
  expect(await tagOf("cost_center", "t.a", "column")).toBe("table");
});

test("allowed values are kept to", async () => {
  expect(await admin.failure("alter table t set tag level = 'middle'")).toMatchObject({
    message: expect.stringContaining("Allowed values are: 'low', 'high'") as string,
  });
  await admin.run("alter tag level add allowed_values 'middle'", "alter table t set tag level = 'middle'");
  await admin.run("alter tag level drop allowed_values 'middle'");
  expect(await tagOf("level", "t", "table")).toBe("middle");
  expect(await admin.column("select system$get_tag_allowed_values('level')")).toEqual(['["low","high"]']);
  expect(await admin.failure("alter table t set tag level = 'middle'")).toMatchObject({ code: "003541" });
  await admin.run("alter tag level unset allowed_values", "alter table t set tag level = 'any'");
  await admin.run("create or alter tag level allowed_values 'low'");
  expect(await admin.row("show tags like 'LEVEL'")).toMatchObject({ name: "LEVEL", allowed_values: '["low"]' });
});

test("tags follow renames and clones, go with DROP TAG and come back with UNDROP", async () => {
  await admin.run("alter table t rename to t2", "create table t3 clone t2", "alter tag cost_center rename to cost");
  expect(await tagOf("cost", "t2", "table")).toBe("table");
  expect(await tagOf("cost", "t3", "table")).toBe("table");
  await admin.run("drop tag cost");
  expect(await admin.failure("select system$get_tag('cost', 't2', 'table')")).toMatchObject({ code: "002003" });
  expect(
    await admin.column("select tag_name from table(information_schema.tag_references('t2', 'table'))"),
  ).not.toContain("COST");
  await admin.run("undrop tag cost");
  expect(await tagOf("cost", "t2", "table")).toBe("table");
  await admin.run("alter schema public set tag cost = 'schema'");
  await admin.run("create schema copy clone public", "use schema d.public", "alter schema public unset tag cost");
  expect(await tagOf("copy.cost", "copy", "schema")).toBe("schema");
  expect(await admin.column("select system$get_tag('copy.cost', 'copy.t2', 'table')")).toEqual(["table"]);
  await admin.run("alter table t2 rename to t");
});

test("setting one takes APPLY on it and the object, or APPLY TAG", async () => {
  await admin.run(
    "create role tagger",
    "create user tim password = 'tim''s secret' default_role = tagger",
    "grant role tagger to user tim",
    "grant usage on database d to role tagger",
    "grant usage on schema d.public to role tagger",
    "grant select on table d.public.t to role tagger",
  );
  const tim = await snowglobe.connect({ user: "tim", password: "tim's secret", database: "d", schema: "public" });
  expect(await tim.failure("alter table t set tag cost = 'x'")).toMatchObject({ code: "003001" });
  await admin.run("grant apply on tag cost to role tagger");
  expect(await tim.failure("alter table t set tag cost = 'x'")).toMatchObject({ code: "003001" });
  await admin.run("grant apply tag on account to role tagger");
  await tim.run("alter table t set tag cost = 'x'");
  expect(await tagOf("cost", "t", "table")).toBe("x");
  expect(await admin.rows("show grants on tag cost")).toContainEqual(
    expect.objectContaining({ privilege: "APPLY", granted_on: "TAG", grantee_name: "TAGGER" }),
  );
});

test("what is not done is refused by name", async () => {
  const refused = { code: "000002", sqlState: "0A000" };
  expect(await admin.failure("create tag p propagate = on_dependency")).toMatchObject(refused);
  expect(await admin.failure("create tag p multi_value = true")).toMatchObject(refused);
  expect(await admin.failure("alter account set tag cost = 'x'")).toMatchObject(refused);
});
