/** Statements that a driver only asks about: columns and binds are told, nothing is run. */
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { describeConnectors, PythonClient } from "./pythonClient";
import { RawClient } from "./rawClient";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "alter user admin set default_warehouse = 'WH', default_namespace = 'D.PUBLIC'",
    "use warehouse wh",
    "use schema d.public",
    "create table t (id int, name varchar(10), at timestamp_ntz(3))",
  );
});
afterAll(() => snowglobe.stop());

interface Described {
  readonly numberOfBinds: number;
  readonly arrayBindSupported: boolean;
  readonly rowtype: readonly { readonly name: string; readonly type: string }[];
}

async function describeOnly(sql: string): Promise<Described> {
  const raw = new RawClient(snowglobe.port);
  await raw.login({ LOGIN_NAME: "ADMIN", PASSWORD });
  const { data, message } = await raw.query(sql, undefined, { describeOnly: true });
  if (!data?.rowtype) throw new Error(message ?? sql);
  return data as unknown as Described;
}

test.each([
  ["select id, name, at from t where id = ? and name like ?", 2, ["fixed", "text", "timestamp_ntz"]],
  ["select ?, ?::date, :1 + 1", 2, ["text", "date", "fixed"]],
  ["select id from t limit ? offset ?", 2, ["fixed"]],
  ["with c as (select * from t where at > ?) select count(*) from c", 1, ["fixed"]],
  ["insert into t values (?, ?, ?)", 3, ["fixed"]],
  ["insert into t (id) select ? union all select ?", 2, ["fixed"]],
  ["update t set name = ? where id = ?", 2, ["fixed", "fixed"]],
  ["delete from t where id in (?, ?, ?)", 3, ["fixed"]],
  ["merge into t using (select ? as id) s on t.id = s.id when matched then delete", 1, ["fixed"]],
  ["insert all into t (id) values (a) select ? as a", 1, ["fixed"]],
  ["create table other (a int)", 0, ["text"]],
  ["show tables", 0, expect.arrayContaining(["timestamp_ltz", "text"])],
])("%s", async (sql, binds, types) => {
  const { numberOfBinds, rowtype } = await describeOnly(sql);
  expect({ numberOfBinds, types: rowtype.map(({ type }) => type) }).toEqual({ numberOfBinds: binds, types });
});

test("INSERT alone takes all rows of an array bind at once", async () => {
  expect((await describeOnly("insert into t values (?, ?, ?)")).arrayBindSupported).toBe(true);
  expect((await describeOnly("update t set name = ?")).arrayBindSupported).toBe(false);
});

test("nothing is run, and LAST_QUERY_ID does not know of it", async () => {
  const { statement } = await client.driver.execute("select * from t");
  await client.driver.execute("insert into t (id) values (?)", { describeOnly: true } as never);
  await client.driver.execute("drop table t", { describeOnly: true } as never);
  expect(await client.value("select last_query_id()")).toBe(statement.getQueryId());
  expect(await client.rows("select * from t")).toEqual([]);
});

test("an execution without its values is still an error", async () => {
  expect((await client.failure("select ?")).code).toBe("002049");
});

test("snowflake-sdk", async () => {
  const { statement } = await client.driver.execute("select id, name from t where id = ?", {
    describeOnly: true,
  } as never);
  expect(statement.getColumns()!.map((column) => [column.getName(), column.getType()])).toEqual([
    ["ID", "fixed"],
    ["NAME", "text"],
  ]);
});

describeConnectors((python) => {
  test("cursor.describe, and executemany", async () => {
    const connection = await PythonClient.connect(python, snowglobe.port, { paramstyle: "qmark" });
    expect(await connection.call("describe", "select id, name, at from t where id = ?")).toEqual([
      ["ID", 0],
      ["NAME", 2],
      ["AT", 8],
    ]);
    const rows = Array.from({ length: 50 }, (_, index) => [index, `n${index}`]);
    expect(await connection.call("executemany", "insert into t (id, name) values (?, ?)", rows)).toBe(50);
    expect(await connection.rows("select count(*), max(id) from t")).toEqual([["50", "49"]]);
    await connection.run("truncate table t");
    await connection.close();
  });
});

test.each(["limit null", "limit ''", "limit null offset null"])("%s is no limit", async (clause) => {
  expect(await client.rows(`select * from (values (1), (2)) v (a) ${clause}`)).toHaveLength(2);
});
