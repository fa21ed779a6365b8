/** What public scripts and drivers met first, through snowflake-sdk. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { RowStatement, StatementOption } from "snowflake-sdk";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;
let folder: string;

beforeEach(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run("create warehouse wh", "create database db", "create schema s");
  folder = mkdtempSync(path.join(tmpdir(), "snowglobe-client-"));
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await snowglobe.stop();
});

function local(name: string, content: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

test.each(['@"S"."%T"', '@"DB"."S"."%T"', "@%t", "@s.%t", '\'@"S"."%T"\''])("the table stage %s", async (stage) => {
  await client.run("create table t (a int)", `put file://${local("one.csv", "1\n2\n")} ${stage} auto_compress = false`);
  expect(await client.rows(`list ${stage}`)).toMatchObject([{ name: "one.csv", size: 4 }]);
  await client.run(`copy into t from ${stage}`);
  expect(await client.column("select a from t order by a")).toEqual([1, 2]);
  expect(await client.rows(`remove ${stage}`)).toEqual([{ name: "one.csv", result: "removed" }]);
  expect(await client.rows("list @%t")).toEqual([]);
});

test("a table stage is its owner's alone", async () => {
  await client.run(
    "create table t (a int)",
    "create role reader",
    "create user ada password = 'Something-1' default_role = reader",
    "grant role reader to user ada",
    "grant usage on database db to role reader",
    "grant usage on schema s to role reader",
    "grant select, insert on table t to role reader",
  );
  const ada = await snowglobe.connect({ user: "ADA", password: "Something-1" });
  expect(await ada.failure("list @db.s.%t")).toMatchObject({ code: "003001" });
});

test("array binds that the driver sends through a stage", async () => {
  const { connection } = client.driver;
  await client.run("create table t (id int, name varchar, at date)");
  const binds = Array.from({ length: 3_000 }, (_, i) => [
    i,
    i === 7 ? null : i === 8 ? "" : `na"me,\n${i}`,
    "2024-02-29",
  ]);
  const inserted = await new Promise<number>((resolve, reject) =>
    connection.execute({
      sqlText: "insert into t values (?, ?, ?)",
      binds,
      arrayBindingThreshold: 1_000,
      complete: (error: Error | undefined, statement: RowStatement) =>
        error ? reject(error) : resolve(statement.getNumUpdatedRows()!),
    } as StatementOption),
  );
  expect(inserted).toBe(3_000);
  expect(await client.row("select count(*) n, count(name) names, sum(id) total, min(at)::varchar d from t")).toEqual({
    N: 3_000,
    NAMES: 2_999,
    TOTAL: 4_498_500,
    D: "2024-02-29",
  });
  expect(await client.column("select name from t where id in (8, 9) order by id")).toEqual(["", 'na"me,\n9']);
});

test("a scoped temporary table, as Snowpark makes it", async () => {
  await client.run("create or replace scoped temporary table st (a int)");
  expect(await client.rows("show tables like 'ST'")).toMatchObject([{ kind: "TEMPORARY" }]);
});

test("a table cloned as it was", async () => {
  await client.run("create table t (a int)", "insert into t values (1), (2)");
  await snowglobe.advance(20);
  await client.run("delete from t where a = 1");
  await client.run("create table before clone t at (offset => -10)", "create table now clone t");
  expect(await client.column("select a from before order by a")).toEqual([1, 2]);
  expect(await client.column("select a from now")).toEqual([2]);
  expect(await client.failure("create table never clone t at (offset => -3600)")).toMatchObject({ code: "000707" });
});

describe("SYSTEM$WAIT", () => {
  test("waits on the account's clock", async () => {
    let done = false;
    const other = await snowglobe.connect();
    const start = snowglobe.clock.now();
    const waiting = client.value("call system$wait(2, 'MINUTES')").then((value) => ((done = true), value));
    for (let tries = 0; !done && tries < 1_000; tries++) {
      await other.run("select 1");
      await snowglobe.advance(1);
    }
    expect(snowglobe.clock.now() - start).toBeGreaterThanOrEqual(120e6);
    expect(await waiting).toBe("waited 2 minutes");
    expect(await client.value("select system$wait(0)")).toBe("waited 0 seconds");
  });

  test("in a task, while the clock is moved", async () => {
    await client.run(
      "create table marker (x int)",
      "create task waiting warehouse = wh schedule = '10 minutes' as call system$wait(90)",
      "create task next warehouse = wh after waiting as insert into marker values (1)",
      "alter task next resume",
      "alter task waiting resume",
    );
    await snowglobe.advance(650);
    expect(await client.column("select x from marker")).toEqual([]);
    await snowglobe.advance(60);
    expect(await client.column("select x from marker")).toEqual([1]);
    expect(
      await client.row(
        "select state, datediff(second, query_start_time, completed_time) took from table(information_schema.task_history(task_name => 'WAITING')) where state = 'SUCCEEDED'",
      ),
    ).toEqual({ STATE: "SUCCEEDED", TOOK: 90 });
  });

  test("says what it does not take", async () => {
    expect(await client.failure("call system$wait(1, 'YEARS')")).toMatchObject({ code: "001008" });
  });
});

describe("mail", () => {
  beforeEach(() => client.run("alter user admin set email = 'ops@example.com'"));

  test("arguments by name", async () => {
    await client.run(
      "create notification integration na type = email enabled = true allowed_recipients = ('ops@example.com')",
    );
    const call = "integration_name => 'na', recipients => 'ops@example.com', subject => 's', content => 'c'";
    expect(await client.value(`call system$send_email(${call})`)).toBe(true);
    expect((await client.failure(`call system$send_email(${call}, colour => 'red')`)).message).toContain("COLOUR");
    expect((await client.failure("call system$send_email(subject => 's')")).message).toContain("INTEGRATION_NAME");
  });

  test("recipients in a variable", async () => {
    await client.run(
      "set who = 'ops@example.com'",
      "create notification integration vi type = email enabled = true allowed_recipients = ($who)",
    );
    const described = await client.rows("describe integration vi");
    expect(described.find((row) => row.property === "ALLOWED_RECIPIENTS")?.property_value).toBe("ops@example.com");
  });
});
