/** What a session begins with: as the client asked, else by the user's defaults. An empty name is none. */
import { PASSWORD, startSnowglobe, type TestSnowglobe } from "../server";
import { describeConnectors, PythonClient } from "./pythonClient";
import { RawClient } from "./rawClient";

let snowglobe: TestSnowglobe;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  const client = await snowglobe.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "create schema d.s",
    "create schema d.other",
    "alter user admin set default_warehouse = 'WH', default_namespace = 'D.S'",
  );
});
afterAll(() => snowglobe.stop());

async function sessionInfo(query: string): Promise<unknown> {
  const answer = await new RawClient(snowglobe.port).login({ LOGIN_NAME: "ADMIN", PASSWORD }, query);
  return Object.values(answer.data!.sessionInfo as object);
}

test.each([
  ["", ["D", "S", "WH", "ACCOUNTADMIN"]],
  ["?databaseName=&schemaName=&warehouse=&roleName=", ["D", "S", "WH", "ACCOUNTADMIN"]],
  ["?roleName=sysadmin&warehouse=none_such", [null, null, null, "SYSADMIN"]],
  ["?schemaName=other", ["D", "OTHER", "WH", "ACCOUNTADMIN"]],
  ["?databaseName=d", ["D", "PUBLIC", "WH", "ACCOUNTADMIN"]],
])("login-request%s", async (query, expected) => {
  expect(await sessionInfo(query)).toEqual(expected);
});

describeConnectors((python) => {
  test("a connection without any name has the user's defaults", async () => {
    const connection = await PythonClient.connect(python, snowglobe.port);
    expect(
      await connection.rows("select current_role(), current_database(), current_schema(), current_warehouse()"),
    ).toEqual([["'ACCOUNTADMIN'", "'D'", "'S'", "'WH'"]]);
    await connection.close();
  });
});
