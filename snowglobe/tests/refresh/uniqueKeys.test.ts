/** Unique keys, declared and derived, and what they do for refreshes. Source: "Optimize input data for dynamic tables". */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { dt, freshSchema, modeOf } from "./documented";
import { lastRefresh, prepare } from "./pipeline";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());
beforeEach(() => freshSchema(client, "sc"));

const keysIn = async (name: string, kind = "unique"): Promise<unknown[]> =>
  (await client.rows(`show ${kind} keys in ${name}`)).map((row) => row.column_name);
const refreshed = async (name: string): Promise<unknown> => {
  await snowglobe.advance(1);
  await client.run(`alter dynamic table ${name} refresh`);
  const { REFRESH_ACTION, INSERTED, DELETED } = await lastRefresh(client, name.toUpperCase());
  return [REFRESH_ACTION, INSERTED, DELETED];
};

test("below a FULL table without a key INCREMENTAL and ADAPTIVE are refused, AUTO is FULL", async () => {
  await client.run(dt("u", "", "select id from src except select id from src where grp = 'b'"));
  for (const mode of ["incremental", "adaptive"]) {
    expect((await client.failure(dt("d", `refresh_mode = ${mode}`, "select count(*) c from u"))).message).toContain(
      "Incremental refresh mode is not supported because the upstream dynamic table does not have a unique key for change tracking.",
    );
  }
  await client.run(dt("d", "", "select id from u"));
  expect(await client.row("show dynamic tables like 'D'")).toMatchObject({
    refresh_mode: "FULL",
    refresh_mode_reason: "UPSTREAM_USES_FULL_REFRESH",
  });
});

test("below a FULL table with a key INCREMENTAL follows, AUTO is FULL", async () => {
  await client.run(
    dt("u", "refresh_mode = full", "select grp, sum(amt) as s from src group by grp"),
    dt("d", "refresh_mode = incremental", "select grp, s * 2 as twice from u"),
    dt("a", "", "select grp, s * 2 as twice from u"),
  );
  expect(await modeOf(client, "A")).toBe("FULL");
  await client.run("insert into src values (4, 'b', 5, null)");
  expect(await refreshed("d")).toEqual(["INCREMENTAL", 1, 1]);
  expect(await client.value("select twice from d where grp = 'b'")).toBe(70);
});

test.each([
  ["GROUP BY", "select grp, count(*) as n from src group by grp", ["GRP"]],
  [
    "GROUP BY of an expression",
    "select upper(grp) as g, year(ts) as y, count(*) as n from src group by all",
    ["G", "Y"],
  ],
  [
    "QUALIFY ROW_NUMBER() = 1",
    "select * from src qualify row_number() over (partition by grp order by ts desc) = 1",
    ["GRP"],
  ],
  ["a relied key that is passed on", "select grp, label from dim", ["GRP"]],
  ["a relied key within an expression", "select upper(grp) as g, label from dim", []],
  ["a column without a key", "select id from src", []],
  ["a group that is not shown", "select count(*) as n from src group by grp", []],
  ["QUALIFY RANK() = 1", "select * from src qualify rank() over (partition by grp order by ts desc) = 1", []],
])("the key of %s", async (_, query, keys) => {
  await client.run(dt("d", "refresh_mode = incremental", query));
  expect(await keysIn("d")).toEqual(keys);
});

test("a key goes through a pipeline, and disappears with the constraint that it follows from", async () => {
  await client.run(
    dt("u", "refresh_mode = incremental", "select * from dim"),
    dt("d", "refresh_mode = incremental", "select label, grp from u where label <> 'X'"),
  );
  expect(await keysIn("d")).toEqual(["GRP"]);
  await client.run("alter table dim drop primary key");
  expect(await keysIn("u")).toEqual([]);
  expect(await keysIn("d")).toEqual([]);
});

test("declared keys are listed", async () => {
  await client.run(
    "create table t (a int, b int, c int, constraint p primary key (a, b), unique (c) rely)",
    "alter table t alter primary key rely",
  );
  expect(await client.rows("show primary keys in table t")).toMatchObject([
    { column_name: "A", key_sequence: 1, constraint_name: "P", rely: true, table_name: "T", schema_name: "SC" },
    { column_name: "B", key_sequence: 2, constraint_name: "P" },
  ]);
  expect(await keysIn("t")).toEqual(["C"]);
  await client.run("alter table t modify constraint p norely");
  expect(await client.rows("show primary keys in t")).toMatchObject([{ rely: false }, { rely: false }]);
  await client.failure("alter table t add primary key (c)");
  await client.failure("alter table t add unique (nothing)");
  await client.failure("alter table t drop constraint nothing");
});

describe("INSERT OVERWRITE of all rows, of which one is another", () => {
  const join = "select s.id, m.label from src s join dim m on s.grp = m.grp";
  const overwrite = "insert overwrite into dim values ('a', 'A2'), ('b', 'B')";

  test("with a relied key counts the rows that differ", async () => {
    await client.run(dt("d", "refresh_mode = incremental", join), overwrite);
    expect(await refreshed("d")).toEqual(["INCREMENTAL", 2, 2]);
    expect(await client.column("select label from d order by id")).toEqual(["A2", "A2", "B"]);
  });

  test("without it counts all rows", async () => {
    await client.run(
      "create or replace table dim (grp varchar, label varchar) change_tracking = true",
      "insert into dim values ('a', 'A'), ('b', 'B')",
      dt("d", "refresh_mode = incremental", join),
      overwrite,
    );
    expect(await refreshed("d")).toEqual(["INCREMENTAL", 3, 3]);
    expect(await client.column("select label from d order by id")).toEqual(["A2", "A2", "B"]);
  });

  const rows = (last: string): string =>
    `insert overwrite into t select seq4(), iff(seq4() = 99, '${last}', 'same') from table(generator(rowcount => 100))`;

  test("one row of a hundred is one and one", async () => {
    await client.run(
      "create table t (id int primary key rely, v varchar)",
      rows("old"),
      dt("d", "refresh_mode = incremental", "select id, v from t"),
      rows("new"),
    );
    expect(await refreshed("d")).toEqual(["INCREMENTAL", 1, 1]);
    await client.run("delete from t where id = 99", "update t set v = 'other' where id = 5");
    expect(await refreshed("d")).toEqual(["INCREMENTAL", 1, 2]);
    await client.run("truncate table t", rows("new"));
    expect(await refreshed("d")).toEqual(["INCREMENTAL", 2, 1]);
    expect(await client.value("select count(*) from (select * from d minus select * from t)")).toBe(0);
  });

  test("without a key a hundred rows go and come", async () => {
    await client.run(
      "create table t (id int, v varchar)",
      rows("old"),
      dt("d", "refresh_mode = incremental", "select id, v from t"),
      rows("new"),
    );
    expect(await refreshed("d")).toEqual(["INCREMENTAL", 100, 100]);
  });

  test("a key that is declared later, and dropped again, leaves no wrong row", async () => {
    await client.run("create table t (id int, v varchar)", rows("old"), dt("d", "", "select id, v from t"));
    for (const change of ["add constraint p primary key (id) rely", "drop primary key"]) {
      await client.run(`alter table t ${change}`, rows(change.slice(0, 3)), "delete from t where id < 10");
      await refreshed("d");
      expect(
        await client.column(
          "select count(*) from d union all select count(*) from (select * from d minus select * from t)",
        ),
      ).toEqual([90, 0]);
    }
  });
});

test("a stream sees a row whose key stays as one that was updated", async () => {
  await client.run(
    dt("d", "refresh_mode = incremental", "select grp, label from dim"),
    "create stream s on dynamic table d",
    "insert overwrite into dim values ('a', 'A2'), ('b', 'B')",
  );
  await refreshed("d");
  expect(await client.rows("select grp, label, metadata$action, metadata$isupdate from s order by 3")).toEqual([
    { GRP: "a", LABEL: "A", METADATA$ACTION: "DELETE", METADATA$ISUPDATE: true },
    { GRP: "a", LABEL: "A2", METADATA$ACTION: "INSERT", METADATA$ISUPDATE: true },
  ]);
});

test("a dynamic table takes constraints afterwards", async () => {
  await client.run(dt("d", "", "select id, grp from src"), "alter table d add constraint p primary key (id) rely");
  expect(await keysIn("d", "primary")).toEqual(["ID"]);
});
