/** What destroy finds in the stack's databases that is not the stack's, on a snowglobe inside this process. */
import { workshopNames } from "../../components/naming";
import { UserError } from "../../cli/errors";
import { foreignObjects, protectForeignObjects, type ForeignSearch } from "../../cli/stack/foreignObjects";
import type { Deployment } from "../../cli/stack/localBackend";
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../../snowglobe/tests/server";

let snowglobe: TestSnowglobe;
let admin: TestClient;

const resource = (type: string, name: string) => ({
  ...{ urn: `urn:pulumi:local::p::${type}::${name}`, type, custom: true, id: name, outputs: { name } },
});
const deployment: Deployment = {
  resources: [
    resource("snowflake:index/database:Database", "RAW"),
    resource("snowflake:index/database:Database", "BALBOA_DEV"),
    resource("snowflake:index/accountRole:AccountRole", "LOADER"),
  ],
};
const search: ForeignSearch = { deployment, names: workshopNames({ environment: "dev" }), everything: false };
const found = (changes: Partial<ForeignSearch> = {}): Promise<string[]> =>
  foreignObjects({ ...search, ...changes }, (statement) => admin.rows(statement));

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "CREATE WAREHOUSE WH",
    "CREATE DATABASE RAW COMMENT = 'Workshop: raw data'",
    "CREATE SCHEMA RAW.LOANS",
    "CREATE TABLE RAW.LOANS.PERSONAL_LOANS (A INT)",
    "CREATE DATABASE BALBOA_DEV",
    "CREATE SCHEMA BALBOA_DEV.WORKSHOP",
    "CREATE TABLE BALBOA_DEV.WORKSHOP.ANYTHING (A INT)",
    "CREATE STREAM BALBOA_DEV.WORKSHOP.S ON TABLE BALBOA_DEV.WORKSHOP.ANYTHING",
    "CREATE ROLE LOADER",
    "GRANT USAGE ON DATABASE RAW TO ROLE LOADER",
    "GRANT USAGE, CREATE TABLE ON SCHEMA RAW.LOANS TO ROLE LOADER",
    "GRANT ROLE LOADER TO USER ADMIN",
    "USE ROLE LOADER",
    "CREATE TABLE RAW.LOANS.BY_LOADER (A INT)",
    "USE ROLE ACCOUNTADMIN",
  );
});
afterAll(() => snowglobe.stop());

test("what the stack, its roles and the attendee made is the stack's", async () => {
  expect(await found()).toEqual([]);
});

test("what somebody else made is found, whatever it is; databases too where all data go", async () => {
  await admin.run(
    "CREATE TABLE RAW.LOANS.NOTES (A INT)",
    "CREATE VIEW RAW.PUBLIC.V AS SELECT 1 AS A",
    "CREATE STAGE BALBOA_DEV.PUBLIC.FILES",
    "CREATE DATABASE MINE",
    "CREATE DATABASE ALICE_RAW COMMENT = 'Workshop: raw data'",
  );
  const inside = ["BALBOA_DEV.PUBLIC.FILES (stage)", "RAW.LOANS.NOTES (table)", "RAW.PUBLIC.V (view)"];
  expect(await found()).toEqual(inside);
  expect(await found({ everything: true })).toEqual([inside[0], "MINE (database)", ...inside.slice(1)]);
});

test("Snowflake's own views are nobody's", async () => {
  const views = [{ name: "TABLES", schema_name: "INFORMATION_SCHEMA", kind: "VIEW", owner: "" }];
  expect(await foreignObjects(search, () => Promise.resolve(views))).toEqual([]);
});

test("it is refused in one line that names it and how to force it", async () => {
  const connection = {
    ...{ SNOWFLAKE_ACCOUNT: "local", SNOWFLAKE_HOST: "127.0.0.1", SNOWFLAKE_PORT: String(snowglobe.port) },
    ...{ SNOWFLAKE_PROTOCOL: "http", SNOWFLAKE_USER: "ADMIN", SNOWFLAKE_PASSWORD: PASSWORD },
  };
  await admin.run(...["A", "B", "C"].map((name) => `CREATE TABLE RAW.PUBLIC.${name} (A INT)`));
  await expect(protectForeignObjects(search, {}, connection, " --attendee bob")).rejects.toThrow(
    new UserError(
      "destroy would delete what the stack did not make: BALBOA_DEV.PUBLIC.FILES (stage), RAW.LOANS.NOTES (table), " +
        "RAW.PUBLIC.A (table), RAW.PUBLIC.B (table), RAW.PUBLIC.C (table) and 1 more. " +
        "Move it elsewhere, or delete it too: ./workshop destroy --attendee bob --force",
    ),
  );
  await expect(
    protectForeignObjects({ ...search, deployment: { resources: [] } }, {}, connection, ""),
  ).resolves.toBeUndefined();
});
