/** CREATE, DROP, UNDROP and renames: texts, names, transactions, several sessions at once, restarts. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse w", "create database d");
});

afterEach(() => snowglobe.stop());

describe("texts", () => {
  test("of CREATE, DROP and UNDROP", async () => {
    const answers: [string, string][] = [
      ["create schema s", "Schema S successfully created."],
      ["create table s.t (a int)", "Table T successfully created."],
      ["create table if not exists s.t (b int)", "T already exists, statement succeeded."],
      ["create or replace table s.t (a int)", "Table T successfully created."],
      ["create view s.v as select a from s.t", "View V successfully created."],
      ["create role r", "Role R successfully created."],
      ["create user u", "User U successfully created."],
      ["create warehouse x", "Warehouse X successfully created."],
      ["create database if not exists d", "D already exists, statement succeeded."],
      ["drop table s.t", "T successfully dropped."],
      ["drop table if exists s.t", "Drop statement executed successfully (T already dropped)."],
      ["undrop table s.t", "Table T successfully restored."],
      ["drop schema s", "S successfully dropped."],
      ["undrop schema s", "Schema S successfully restored."],
      ["drop database d", "D successfully dropped."],
      ["undrop database d", "Database D successfully restored."],
      ["drop warehouse x", "X successfully dropped."],
      ["comment on database d is 'x'", "Statement executed successfully."],
    ];
    for (const [sql, text] of answers) expect([sql, await client.value(sql)]).toEqual([sql, text]);
  });

  test("of what is there already, or not", async () => {
    await client.run("create table t (a int)");
    expect((await client.failure("create table t (a int)")).message).toBe(
      "SQL compilation error:\nObject 'D.PUBLIC.T' already exists.",
    );
    expect(await client.failure("create or replace table if not exists t (a int)")).toMatchObject({
      message: expect.stringContaining("incompatible") as string,
    });
    expect(await client.failure("drop table gone")).toMatchObject({
      code: "002003",
      sqlState: "42S02",
      message: "SQL compilation error:\nObject 'D.PUBLIC.GONE' does not exist or not authorized.",
    });
    expect(await client.failure("drop schema d.gone")).toMatchObject({ code: "002003", sqlState: "02000" });
    expect(await client.failure("drop database gone")).toMatchObject({
      message: "SQL compilation error:\nDatabase 'GONE' does not exist or not authorized.",
    });
    expect(await client.failure("undrop table gone")).toMatchObject({ code: "002003" });
  });
});

describe("names", () => {
  test('"t" stands next to T, and dots and quotes belong to a name', async () => {
    await client.run(
      `create table t (a int) as select 1`,
      `create table "t" (a int) as select 2`,
      `create schema "we.ird ""x"""`,
      `create table "we.ird ""x"""."a.b" ("c.d" int, "e""f" int) as select 3, 4`,
    );
    expect(await client.value("select a from public.t")).toBe(1);
    expect(await client.value(`select a from d.public."t"`)).toBe(2);
    expect(await client.row(`select * from d."we.ird ""x"""."a.b"`)).toEqual({ "c.d": 3, 'e"f': 4 });
    expect(await client.column("show tables in schema d.public")).toHaveLength(2);
    expect(await client.row(`show tables in schema d."we.ird ""x"""`)).toMatchObject({
      name: "a.b",
      schema_name: 'we.ird "x"',
    });
    expect(await client.failure(`select * from d."we.ird ""x"""."A.B"`)).toMatchObject({
      message: `SQL compilation error:\nObject 'D."we.ird ""x"""."A.B"' does not exist or not authorized.`,
    });
    await client.run(`drop table "we.ird ""x"""."a.b"`, `undrop table "we.ird ""x"""."a.b"`);
    await client.run(`alter table public."t" rename to public."T "`, `drop schema "we.ird ""x"""`);
    expect(await client.column("show terse tables in schema d.public")).toHaveLength(2);
  });

  test("IDENTIFIER takes a name from a text, a session variable or a bind", async () => {
    await client.run(
      "create table identifier('public.\"t x\"') (a int)",
      "set tn = 'd.public.by_variable'",
      "create table identifier($tn) (a int)",
      "insert into identifier($tn) values (7)",
      "alter table identifier($tn) add column b int",
    );
    expect(await client.rows("select a from identifier($tn)")).toEqual([{ A: 7 }]);
    expect(await client.rows("select a from identifier(?)", ["by_variable"])).toEqual([{ A: 7 }]);
    expect((await client.rows("show tables in schema d.public")).map((row) => row.name)).toEqual([
      "BY_VARIABLE",
      "t x",
    ]);
    await client.run("drop table identifier($tn)");
    expect(await client.failure("drop table identifier($tn)")).toMatchObject({ code: "002003" });
    expect(await client.failure("drop table identifier($nothing)")).toMatchObject({ code: "002211" });
    await client.run("set bad = 'a b c'");
    expect(await client.failure("drop table identifier($bad)")).toMatchObject({ code: "001003" });
  });

  test("a temporary table hides a permanent one of its session only", async () => {
    const other = await snowglobe.connect({ database: "d", warehouse: "w" });
    await client.run("create table t as select 1 as a", "create temporary table t as select 2 as a");
    expect(await client.value("select a from t")).toBe(2);
    expect(await other.value("select a from t")).toBe(1);
    await client.run("drop table t");
    expect(await client.value("select a from t")).toBe(1);
    await client.run("create temporary table own (a int)");
    await client.close();
    expect(await other.column("show tables in schema d.public")).toHaveLength(1);
  });
});

describe("UNDROP", () => {
  test("brings back rows, grants and what was dropped with a container, but nothing else", async () => {
    await client.run(
      "create schema s",
      "create role r",
      "create table kept as select 1 as a",
      "create view v as select a from kept",
      "grant select on table kept to role r",
      "create table earlier as select 2 as a",
      "drop table earlier",
      "drop schema s",
      "create schema s",
    );
    expect(await client.failure("undrop schema d.s")).toMatchObject({ code: "002002" });
    await client.run("drop schema s", "undrop schema d.s");
    // The latest one comes first: it was empty.
    expect(await client.rows("show tables in schema d.s")).toEqual([]);
    await client.run("alter schema d.s rename to d.empty", "undrop schema d.s", "use schema d.s");
    expect(await client.rows("select * from v")).toEqual([{ A: 1 }]);
    expect((await client.rows("show tables in schema d.s")).map((row) => row.name)).toEqual(["KEPT"]);
    expect((await client.rows("show grants on table d.s.kept")).map((row) => row.privilege)).toContain("SELECT");
    await client.run("undrop table d.s.earlier");
    expect(await client.rows("select * from earlier")).toEqual([{ A: 2 }]);
  });

  test("OR REPLACE of a database or schema puts its content away as well", async () => {
    await client.run(
      "create schema s",
      "create table base as select 1 as a",
      "create dynamic table dt target_lag = '1 minute' warehouse = w as select a from base",
      "create or replace schema s",
    );
    expect(await client.rows("show objects in database d")).toEqual([]);
    await client.run("create or replace database d");
    expect(await client.column("show schemas in database d")).toHaveLength(2);
    // Nothing refreshes what is not there any more.
    await snowglobe.advance(300);
    await client.run("drop database d", "undrop database d");
  });
});

describe("views", () => {
  test("that would read themselves are refused", async () => {
    await client.run("create table t as select 1 as a", "create view v as select a from t");
    expect(await client.failure("create or replace view v as select a from v")).toMatchObject({ code: "002057" });
    await client.run("create view outer_view as select a from v");
    expect(await client.failure("create or replace view v as select a from outer_view")).toMatchObject({
      code: "002057",
    });
    // By names a circle can still be made: reading it ends with an error, not with the server.
    await client.run("drop view v", "alter view outer_view rename to v");
    expect(await client.failure("select * from v")).toMatchObject({ code: "002057" });
    await client.run("create or replace view v as select a from t");
    expect(await client.rows("select a from v")).toEqual([{ A: 1 }]);
  });
});

describe("transactions", () => {
  test("DDL commits what is open, even when it fails", async () => {
    const other = await snowglobe.connect({ database: "d", warehouse: "w" });
    await client.run("create table t (a int)", "begin", "insert into t values (1)");
    expect(await other.rows("select * from t")).toEqual([]);
    await client.run("create table u (a int)", "rollback");
    expect(await other.rows("select * from t")).toEqual([{ A: 1 }]);
    await client.run("begin", "insert into t values (2)");
    expect(await client.failure("create table u (a int)")).toMatchObject({ code: "002002" });
    await client.run("rollback");
    expect(await other.value("select count(*) from t")).toBe(2);
    await client.run(
      "begin",
      "insert into t values (3)",
      "alter session set query_tag = 'x'",
      "use warehouse w",
      "rollback",
    );
    expect(await other.value("select count(*) from t")).toBe(2);
  });

  test("a dropped current database is no longer the session's, for any session", async () => {
    const other = await snowglobe.connect({ database: "d", warehouse: "w" });
    await client.run("drop database d");
    for (const one of [client, other]) {
      expect(await one.row("select current_database() d, current_schema() s")).toEqual({ D: null, S: null });
      expect(await one.failure("create table t (a int)")).toMatchObject({ code: "090105" });
    }
  });

  test("asking for the columns of DDL does not run it", async () => {
    await client.driver.execute("create table never (a int)", { describeOnly: true } as never);
    await client.driver.execute("drop warehouse w", { describeOnly: true } as never);
    await client.driver.execute("use role public", { describeOnly: true } as never);
    expect(await client.rows("show tables in database d")).toEqual([]);
    expect(await client.rows("show warehouses")).toHaveLength(1);
    expect(await client.value("select current_role()")).toBe("ACCOUNTADMIN");
  });
});

describe("several sessions at once", () => {
  const SESSIONS = 6;

  async function together(statement: (index: number) => string): Promise<string[]> {
    const clients = await Promise.all(
      Array.from({ length: SESSIONS }, () => snowglobe.connect({ database: "d", schema: "public", warehouse: "w" })),
    );
    return Promise.all(
      clients.map((one, index) =>
        one.run(statement(index)).then(
          () => "done",
          (error: { code: string }) => error.code,
        ),
      ),
    );
  }

  test("one of those who create the same wins", async () => {
    for (const [sql, list] of [
      ["create table same (a int)", "show tables like 'same' in database d"],
      ["create view seen as select 1 as a", "show views like 'seen' in database d"],
      ["create schema d.same", "show schemas like 'same' in database d"],
      ["create role same", "show roles like 'same'"],
      ["create database same", "show databases like 'same'"],
    ] as const) {
      const outcomes = await together(() => sql);
      expect(outcomes.sort()).toEqual([...Array<string>(SESSIONS - 1).fill("002002"), "done"]);
      expect(await client.rows(list)).toHaveLength(1);
    }
  });

  test("OR REPLACE and IF NOT EXISTS succeed for all, and leave one", async () => {
    for (const sql of ["create or replace table r as select 1 as a", "create table if not exists n (a int)"]) {
      expect(new Set(await together(() => sql))).toEqual(new Set(["done"]));
    }
    expect(await client.column("show tables in database d")).toHaveLength(2);
    expect(await client.value("select a from d.public.r")).toBe(1);
  });

  test("no change of another is lost", async () => {
    await client.run("create table d.public.t (a int)");
    const columns = await together((index) => `alter table t add column c${index} int`);
    expect(new Set(columns)).toEqual(new Set(["done"]));
    expect(await client.column("describe table d.public.t")).toHaveLength(SESSIONS + 1);
    const settings = [
      "comment on database d is 'c'",
      "alter database d set data_retention_time_in_days = 3",
      "alter database d set user_task_timeout_ms = 60000",
      "alter database d set suspend_task_after_num_failures = 4",
      "alter database d set task_auto_retry_attempts = 2",
      "alter database d set max_data_extension_time_in_days = 5",
    ];
    expect(new Set(await together((index) => settings[index]!))).toEqual(new Set(["done"]));
    expect(await client.row("show databases like 'd'")).toMatchObject({ comment: "c", retention_time: "3" });
    const own = (await client.rows("show parameters in database d")).filter((row) => row.level === "DATABASE");
    expect(own).toHaveLength(5);
  });

  test("a drop and a rename of one table, and objects made while their schema goes", async () => {
    await client.run("create schema d.going", "create table d.public.x (a int)");
    const outcomes = await together((index) =>
      index === 0
        ? "drop table d.public.x"
        : index === 1
          ? "alter table d.public.x rename to d.public.y"
          : index === 2
            ? "drop schema d.going"
            : `create table d.going.t${index} (a int)`,
    );
    expect(outcomes.slice(0, 2)).toContain("done");
    for (const outcome of outcomes) expect(["done", "002003"]).toContain(outcome);
    expect(await client.rows("show schemas like 'going' in database d")).toEqual([]);
    await client.run("undrop schema d.going");
  });
});

describe("restart", () => {
  test("keeps objects, grants, parameters, users; temporary objects and sessions' settings go", async () => {
    await client.run(
      "create schema s with managed access comment = 'c' data_retention_time_in_days = 5",
      "create table t (a int primary key, b varchar default 'x' comment 'bee') comment = 'tee'",
      "alter table t set change_tracking = true",
      "insert into t (a) values (1)",
      "create view v (x comment 'ex') as select a from t",
      "create temporary table temp (a int)",
      "create table gone as select 9 as a",
      "drop table gone",
      "create role r comment = 'r'",
      "grant usage on database d to role r",
      "grant select on future tables in schema s to role r",
      "create user u password = 'p' default_role = r",
      "grant role r to user u",
      "alter warehouse w set auto_suspend = 77",
      "alter session set query_tag = 'x'",
    );
    const questions = [
      "show databases",
      "show schemas in database d",
      "show tables in database d",
      "show views in database d",
      "describe table d.s.t",
      "describe view d.s.v",
      "show roles",
      "show users",
      "show grants to role r",
      "show grants to user u",
      "show future grants in schema d.s",
      "show parameters in schema d.s",
      "select * from d.s.v",
    ];
    const ask = async (one: TestClient): Promise<unknown> => {
      const answers: unknown[] = [];
      for (const question of questions) {
        const rows = await one.rows(question);
        answers.push(rows.filter((row) => row.name !== "TEMP").map((row) => ({ ...row, is_current: undefined })));
      }
      return answers;
    };
    const before = await ask(client);
    await snowglobe.restart();
    client = await snowglobe.connect({ warehouse: "w" });
    expect(await ask(client)).toEqual(before);
    expect(await client.failure("select * from d.s.temp")).toMatchObject({ code: "002003" });
    expect(await client.row("show warehouses")).toMatchObject({ auto_suspend: 77 });
    expect(await client.row("show parameters like 'query_tag'")).toMatchObject({ value: "" });
    await client.run("undrop table d.s.gone", "use schema d.s", "create table after_restart (a int)");
    expect(await client.value("select a from gone")).toBe(9);
    const user = await snowglobe.connect({ user: "u", password: "p" });
    expect(await user.value("select current_role()")).toBe("R");
    const grants = await client.rows("show grants on table d.s.after_restart");
    expect(grants.map((row) => row.grantee_name)).toContain("R");
  });
});
