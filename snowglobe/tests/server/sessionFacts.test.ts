/** What statements tell of the session, of tables' sizes and of what they changed. */
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
    "create role r2",
    "create role r1",
    "grant role r1 to user admin",
    "grant role r2 to user admin",
    "use warehouse wh",
    "use schema d.public",
  );
});
afterAll(() => snowglobe.stop());

test("CURRENT_SECONDARY_ROLES follows USE SECONDARY ROLES", async () => {
  await client.run("use secondary roles none");
  expect(await client.value("select current_secondary_roles()")).toBe('{"roles":"","value":""}');
  await client.run("use secondary roles all");
  expect(JSON.parse(String(await client.value("select current_secondary_roles()")))).toEqual({
    roles: "ACCOUNTADMIN,R1,R2",
    value: "ALL",
  });
});

test("CURRENT_CLIENT is the driver's name and version", async () => {
  expect(await client.value("select current_client()")).toMatch(/^JavaScript \d+\.\d+\.\d+$/);
});

describeConnectors((python) => {
  test("CURRENT_CLIENT", async () => {
    const connection = await PythonClient.connect(python, snowglobe.port);
    const [[shown]] = (await connection.rows("select current_client()")) as [[string]];
    expect(shown).toBe(`'PythonConnector ${String(await connection.call("version"))}'`);
    await connection.close();
  });
});

test("BYTES of a table grow with its rows, in SHOW as in INFORMATION_SCHEMA", async () => {
  await client.run("create or replace table sized (id int, name varchar)");
  const shown = async (): Promise<unknown> => (await client.row("show tables like 'SIZED'")).bytes;
  const told = (): Promise<unknown> =>
    client.value("select bytes from information_schema.tables where table_name = 'SIZED'");
  expect([await shown(), await told()]).toEqual([0, 0]);
  await client.run("insert into sized values (1, 'one'), (2, 'two')");
  const two = (await shown()) as number;
  expect(two).toBeGreaterThan(0);
  expect(await told()).toBe(two);
  await client.run("insert into sized select id, name from sized");
  expect(await shown()).toBe(two * 2);
});

test("rows of CREATE TABLE AS count as inserted, those of a clone do not", async () => {
  const raw = new RawClient(snowglobe.port);
  await raw.login({ LOGIN_NAME: "ADMIN", PASSWORD });
  const stats = async (sql: string): Promise<unknown> => (await raw.query(sql)).data!.stats;
  const select = "select seq4() as n from table(generator(rowcount => 7))";
  expect(await stats(`create or replace table made as ${select}`)).toMatchObject({ numRowsInserted: 7 });
  expect(await stats("create or replace table copy clone made")).toBeUndefined();
  expect(await stats("create or replace table bare (a int)")).toBeUndefined();
});

describe("a row that several source rows would change", () => {
  beforeEach(() =>
    client.run(
      "create or replace table target (id int, name varchar, n number(5, 2))",
      "insert into target values (1, 'say \\\"a\\\"', 1.5), (2, null, 2)",
    ),
  );

  test("is shown by MERGE", async () => {
    expect(
      await client.failure(
        "merge into target t using (values (1), (1)) s (id) on t.id = s.id when matched then update set n = 3",
      ),
    ).toMatchObject({
      code: "100090",
      message: 'Duplicate row detected during DML action\nRow Values: [1, "say \\"a\\"", 1.50]',
    });
  });

  test("is shown by UPDATE where it is told to fail", async () => {
    await client.run("alter session set error_on_nondeterministic_update = true");
    const { message } = await client.failure(
      "update target t set n = s.n from (values (2, 1), (2, 2)) s (id, n) where t.id = s.id",
    );
    expect(message).toBe("Duplicate row detected during DML action\nRow Values: [2, NULL, 2.00]");
  });
});
